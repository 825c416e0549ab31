using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Isr.Audio.Tags;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Tags;

public sealed class VorbisCommentsTests
{
    private const string Start = "ISR_START=2024-05-17T06:00:00.125Z";

    private static readonly FileFacts Facts =
        new("Bayern 2 – Süd", new DateTimeOffset(2024, 5, 17, 8, 0, 0, 125, TimeSpan.FromHours(2)));

    [Fact]
    public void Comments_are_kept_and_source_and_start_added() =>
        Assert.Equal(
            Body("Xiph", "TITLE=Ein Lied", "ARTIST=Wer", "EMPTY=", "ISR_SOURCE=Bayern 2 – Süd", Start),
            Write(Facts, Body("Xiph", "TITLE=Ein Lied", "ARTIST=Wer", "EMPTY=")));

    [Fact]
    public void What_an_earlier_recorder_wrote_is_replaced() =>
        Assert.Equal(
            Body("Xiph", "A=1", "B=ISR_", "ISR_SOURCE=Bayern 2 – Süd", Start),
            Write(Facts, Body("Xiph", "ISR_SOURCE=x", "A=1", "isr_start=y", "B=ISR_", "Isr_Other=z")));

    [Fact]
    public void Nothing_before_gives_an_own_vendor() =>
        Assert.Equal(Body("isr", "ISR_SOURCE=Bayern 2 – Süd", Start), Write(Facts, []));

    [Fact]
    public void A_malformed_body_is_not_kept()
    {
        var sound = Body("Xiph", "TITLE=Ein Lied", "ARTIST=Wer");
        for (var length = 0; length < sound.Length; length++)
        {
            Assert.Equal(Write(Facts, []), Write(Facts, sound.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Bytes_after_the_last_comment_are_left_out() =>
        Assert.Equal(Write(Facts, Body("Xiph", "A=1")), Write(Facts, [.. Body("Xiph", "A=1"), 1, 2, 3]));

    [Fact]
    public void A_long_source_is_cut() =>
        Assert.Equal(
            Body("isr", "ISR_SOURCE=" + new string('x', 200), Start),
            Write(Facts with { Source = new string('x', 5000) }, []));

    [Theory]
    [InlineData("Wer - Ein Lied", "TITLE=Ein Lied", "ARTIST=Wer")]
    [InlineData("Wer - Ein Lied", "artist=Wer", "Title=Ein Lied")]
    [InlineData("Ein Lied", "TITLE=Ein Lied")]
    [InlineData("Ein Lied", "TITLE= Ein\tLied\n", "ARTIST=  ")]
    [InlineData("Eins", "TITLE=Eins", "TITLE=Zwei")]
    [InlineData("A=B", "TITLE=A=B")]
    [InlineData("Grüße – 東京", "TITLE=Grüße – 東京")]
    [InlineData(null, "ARTIST=Wer")]
    [InlineData(null, "TITLE=", "TITLETWO=no", "TITLE")]
    [InlineData(null)]
    public void A_title_is_read(string? expected, params string[] comments) =>
        Assert.Equal(expected, VorbisComments.ReadTitle(Body("Xiph", comments)));

    [Fact]
    public void A_title_in_no_known_coding_and_of_any_length_is_still_one()
    {
        Assert.Equal("S\uFFFDd", VorbisComments.ReadTitle(Body("x"u8, [[.. "TITLE=S"u8, 0xFC, .. "d"u8]])));
        Assert.Equal(
            new string('w', 1000),
            VorbisComments.ReadTitle(Body("x", "ARTIST=" + new string('w', 100_000), "TITLE=" + new string('t', 100_000))));
    }

    [Fact]
    public void A_title_before_a_fault_is_read()
    {
        var body = Body("Xiph", "TITLE=Ein Lied", "ARTIST=Wer");
        Assert.Equal("Ein Lied", VorbisComments.ReadTitle(body.AsSpan(0, body.Length - 1)));
    }

    [Fact]
    public void Hostile_bytes_do_no_harm()
    {
        var random = FrameReaderContract.Seeded();
        var sound = Body("Xiph", "TITLE=Ein Lied", "ARTIST=Wer", "ISR_X=1");
        for (var round = 0; round < 20_000; round++)
        {
            var hostile = sound.ToArray();
            for (var hits = random.Next(4); hits >= 0; hits--)
            {
                hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            }

            // Lengths and counts at the edges of what 32 bits hold.
            if (round % 4 == 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(hostile.AsSpan(4 * random.Next(4)), uint.MaxValue - (uint)random.Next(9));
            }

            Assert.InRange(Write(Facts, hostile).Length, 60, 200);
            Assert.InRange(VorbisComments.ReadTitle(hostile)?.Length ?? 0, 0, 100);
        }
    }

    private static byte[] Write(in FileFacts facts, ReadOnlySpan<byte> original)
    {
        var output = new ArrayBufferWriter<byte>();
        VorbisComments.Write(facts, original, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Body(string vendor, params string[] comments) =>
        Body(Encoding.UTF8.GetBytes(vendor), [.. comments.Select(Encoding.UTF8.GetBytes)]);

    private static byte[] Body(ReadOnlySpan<byte> vendor, byte[][] comments) =>
        [.. Sized(vendor), .. BitConverter.GetBytes(comments.Length), .. comments.SelectMany(comment => Sized(comment))];

    private static byte[] Sized(ReadOnlySpan<byte> bytes) => [.. BitConverter.GetBytes(bytes.Length), .. bytes];
}
