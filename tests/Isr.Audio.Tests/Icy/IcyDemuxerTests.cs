using System.Text;
using Isr.Audio.Icy;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Icy;

public sealed class IcyDemuxerTests
{
    private static readonly byte[][] Blocks =
    [
        Block("StreamTitle='Foo - Bar';"), Block(""), Block(""), Block(new string('x', IcyDemuxer.MaxMetadataBytes)), Block("StreamTitle='';"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(8192)]
    [InlineData(16000)]
    public void Audio_and_metadata_come_apart_at_the_right_byte_in_fragments_of_any_size(int interval)
    {
        var random = FrameReaderContract.Seeded();
        var audio = FrameReaderContract.Garbage(random, interval * Blocks.Length);
        byte[] stream = [.. Blocks.SelectMany((block, i) => audio.AsSpan(i * interval, interval).ToArray().Concat(block))];

        foreach (var longest in (int[])[1, 5, 300, 20000, 200_000])
        {
            var (read, metadata) = Demux(new IcyDemuxer(interval), stream, random, longest);

            Assert.Equal(audio, read);
            Assert.Equal(Blocks.Where(block => block.Length > 1).Select(block => block[1..]), metadata);
        }
    }

    [Fact]
    public void A_stream_may_end_anywhere()
    {
        byte[] stream = [.. "abcd"u8, .. Block("StreamTitle='x';"), .. "efgh"u8, 0, .. "ij"u8];
        for (var length = 0; length <= stream.Length; length++)
        {
            var (audio, metadata) = Demux(new IcyDemuxer(4), stream.AsSpan(0, length), new Random(1), longest: 3);

            var expected = Math.Min(length, 4) + Math.Clamp(length - 21, 0, 4) + Math.Max(0, length - 26);
            Assert.Equal("abcdefghij"[..expected], Encoding.ASCII.GetString(audio));
            Assert.Equal(length >= 21 ? 1 : 0, metadata.Count);
        }
    }

    [Fact]
    public void Random_bytes_are_audio_or_metadata_and_nothing_else()
    {
        var random = FrameReaderContract.Seeded();
        var hostile = FrameReaderContract.Garbage(random, 500_000);

        var (audio, metadata) = Demux(new IcyDemuxer(1000), hostile, random, longest: 4000);

        Assert.InRange(audio.Length + metadata.Sum(block => block.Length), 490_000, 500_000);
        Assert.All(metadata, block => Assert.InRange(block.Length, 16, IcyDemuxer.MaxMetadataBytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_interval_must_be_positive(int interval) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IcyDemuxer(interval));

    private static (byte[] Audio, List<byte[]> Metadata) Demux(IcyDemuxer demuxer, ReadOnlySpan<byte> stream, Random random, int longest)
    {
        var audio = new List<byte>();
        var metadata = new List<byte[]>();
        while (!stream.IsEmpty)
        {
            var piece = stream[..Math.Min(random.Next(longest) + 1, stream.Length)];
            stream = stream[piece.Length..];
            for (IcyPart part; (part = demuxer.Read(piece, out var consumed, out var data)) != IcyPart.None; piece = piece[consumed..])
            {
                if (part == IcyPart.Audio)
                {
                    audio.AddRange(data);
                }
                else
                {
                    metadata.Add(data.ToArray());
                }
            }
        }

        return ([.. audio], metadata);
    }

    private static byte[] Block(string text)
    {
        var units = (text.Length + 15) / 16;
        var block = new byte[1 + (units * 16)];
        block[0] = (byte)units;
        Encoding.ASCII.GetBytes(text, block.AsSpan(1));
        return block;
    }
}
