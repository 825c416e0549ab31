using System.Globalization;
using System.Text;
using Isr.Recording.Journal;

namespace Isr.Tests.Recording.Journal;

public sealed class JournalLineTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.Parse("2026-05-23T12:30:00.123Z", CultureInfo.InvariantCulture);

    public static TheoryData<string> Kinds => [.. Entries.Keys];

    private static Dictionary<string, JournalEntry> Entries { get; } = new JournalEntry[]
    {
        new ProgramStarted("1.0", 4711, "Europe/Berlin", "synchronised") { At = s_at },
        new ProgramStopped { At = s_at },
        new SourceConnected("radio", "http://radio.example/live", null, "audio/mpeg") { At = s_at },
        new SourceDisconnected("radio", "broken", "the connection broke") { At = s_at },
        new FileOpened("radio", "a/\"b\"\n\\ü.mp3", s_at.ToOffset(TimeSpan.FromHours(2)), "MpegLayer3", 44100, 2, "unsynchronised") { At = s_at },
        new FileClosed("radio", "a.mp3", s_at, 1L << 40, 1L << 41, "split") { At = s_at },
        new FileSealed("a.mp3", new string('a', 64), new string('0', 64)) { At = s_at },
        new GapFound("radio", s_at, s_at.AddSeconds(3), 3.001, "ended", null) { At = s_at },
        new StallFound("radio", "a.mp3", 44100, s_at, 2.5) { At = s_at },
        new TitleHeard("radio", s_at, "Ein \u0007 Titel \ud83c\udfb5 \u2028") { At = s_at },
        new ClockStepped(-3600.5) { At = s_at },
        new ClockSynchronised { At = s_at },
        new StartCorrected("a.mp3", s_at) { At = s_at },
    }.ToDictionary(e => e.GetType().Name, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_line_is_read_back_as_it_was_written(string kind)
    {
        var line = JournalLine.Format(Entries[kind]);

        Assert.Equal(line.Length - 1, line.AsSpan().IndexOf((byte)'\n'));
        Assert.True(JournalLine.TryParse(line.AsSpan()[..^1], out var read));
        Assert.Equal(Entries[kind], read);
    }

    [Fact]
    public void A_list_in_a_line_is_read_back_too()
    {
        var line = JournalLine.Format(new SourceConfigured("radio", "stream", ["http://one.example/", "http://two.example/"]) { At = s_at });

        Assert.True(JournalLine.TryParse(line.AsSpan()[..^1], out var read));
        Assert.Equal(["http://one.example/", "http://two.example/"], Assert.IsType<SourceConfigured>(read).Urls);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_cut_and_every_changed_bit_is_noticed(string kind)
    {
        var line = JournalLine.Format(Entries[kind])[..^1];

        for (var length = 0; length < line.Length; length++)
        {
            Assert.False(JournalLine.TryParse(line.AsSpan(0, length), out _), $"cut at {length}");
            Assert.False(JournalLine.TryParse(line.AsSpan(length + 1), out _), $"begun at {length + 1}");
        }

        for (var bit = 0; bit < line.Length * 8; bit++)
        {
            line[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(JournalLine.TryParse(line, out _), $"bit {bit % 8} of byte {bit / 8} of {Encoding.UTF8.GetString(line)}");
            line[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void The_check_sum_is_that_of_the_standard()
    {
        // Known answer: CRC-32C of "123456789" is e3069283; here it stands over the line's own bytes.
        var line = Encoding.UTF8.GetString(JournalLine.Format(new ProgramStopped { At = s_at })).TrimEnd();
        var body = Encoding.UTF8.GetBytes(line[..line.IndexOf(",\"crc\"", StringComparison.Ordinal)]);

        Assert.Equal(0xe3069283, Crc32C("123456789"u8));
        Assert.EndsWith($",\"crc\":\"{Crc32C(body):x8}\"}}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_a_later_version_wrote_is_passed_over()
    {
        var body = """{"event":"telepathy","at":"2026-05-23T12:30:00Z" """;

        Assert.False(JournalLine.TryParse(Encoding.UTF8.GetBytes($"{body},\"crc\":\"{Crc32C(Encoding.UTF8.GetBytes(body)):x8}\"}}"), out _));
    }

    /// <summary>Bit by bit, as RFC 3720 describes it.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }
}
