using Isr.Commands.Status;
using Isr.Recording.Disk;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Tests.Commands.Status;

public sealed class StatusPictureTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 23, 12, 0, 0, TimeSpan.FromHours(2));

    private static readonly StatusReading s_reading = new(
        new RecorderStatus
        {
            Pid = 4711,
            Version = "1.2.3",
            Updated = s_now,
            Started = s_now.AddDays(-3),
            Clock = "synchronised",
            Zone = "Europe/Berlin",
            Disks = [new DiskState("/srv/rec", 80_000_000_000, 1_000_000_000_000, 12 * 86_400), new DiskState("/mnt/gone", null, null, null)],
            Sources =
            [
                new SourceStatus
                {
                    Name = "news", Type = "stream", State = SourceState.Recording, Since = s_now.AddHours(-2), File = "news/20260523_120000.mp3",
                    Today = new SourceDay(new DateOnly(2026, 5, 23), 43_100.4, 2, 99.6), Loudness = new SourceLoudness(-20, [-9.96, null], null),
                },
                new SourceStatus
                {
                    Name = "ラジオ\u001b[2J", Type = "soundcard", State = SourceState.Waiting, Since = s_now.AddSeconds(-7), Overruns = 3,
                    Error = "no card\r\nat all", ErrorAt = s_now.AddSeconds(-7), Retries = 4, NextAttempt = s_now.AddSeconds(5),
                    Today = new SourceDay(new DateOnly(2026, 5, 23), 0, 0, 0),
                },
            ],
            Alarms = [new ActiveAlarm("0978641e693a7857", "silent", "news", s_now.AddMinutes(-10), "news has been silent for 2 minutes.")],
        });

    [Fact]
    public void A_wide_terminal_shows_all_there_is()
    {
        string[] expected =
        [
            "isr 1.2.3, process 4711, up 3 d 0 h. Clock synchronised, Europe/Berlin. 2026-05-23 12:00:00",
            "Disk /srv/rec: 80.0 GB of 1000.0 GB free, full in 12 days at this rate.",
            "Disk /mnt/gone: it cannot be reached.",
            "Alarm since 2026-05-23 11:50: news has been silent for 2 minutes.",
            "",
            "source           state      for       level         rms/peak dB  today     gaps today   xruns  file",
            "news             recording  2 h 00 min  ========.|..  -20.0/-10.0  11:58:20  2 (0:01:39)         news/20260523_120000.mp3",
            "ラジオ\\u001b[2J  waiting    7 s                                   0:00:00   none         3",
            "  11:59:53 no card\\r\\nat all; attempt 5 in 5 s",
        ];

        var lines = new StatusPicture(200, hasColours: false, s_now).Lines(s_reading, "/srv/rec");

        Assert.Equal(expected[..5], lines[..5], StringComparer.Ordinal);
        Assert.Equal(Words(expected[5..]), Words(lines[5..]), StringComparer.Ordinal);
        // Columns stand below one another, whatever the letters are.
        Assert.Equal(Column(lines[5], "state"), Column(lines[6], "recording"));
        Assert.Equal(Column(lines[5], "state"), Column(lines[7], "waiting"));
        Assert.Equal(Column(lines[5], "today"), Column(lines[7], "0:00:00"));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(20)]
    public void A_narrow_terminal_is_never_overflown_and_keeps_what_matters(int columns)
    {
        var lines = new StatusPicture(columns, hasColours: false, s_now).Lines(s_reading, "/srv/rec");

        Assert.All(lines, line => Assert.InRange(TerminalText.Width(line), 0, columns));
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
        Assert.Contains(lines, line => line.StartsWith("news", StringComparison.Ordinal) && (columns < 30 || line.Contains("recording", StringComparison.Ordinal)));
        Assert.Equal(columns >= 60, lines.Exists(line => line.Contains("11:58:20", StringComparison.Ordinal)));
    }

    [Fact]
    public void Colours_are_there_only_where_they_are_wanted()
    {
        Assert.Contains(new StatusPicture(80, hasColours: true, s_now).Lines(s_reading, "/srv/rec"), line => line.Contains("\u001b[32m", StringComparison.Ordinal));
        Assert.DoesNotContain(new StatusPicture(80, hasColours: false, s_now).Lines(s_reading, "/srv/rec"), line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void All_is_well_only_when_every_source_is_recorded()
    {
        var well = s_reading.Status with { Disks = [s_reading.Status.Disks![0]], Sources = [s_reading.Status.Sources![0]], Alarms = [] };

        Assert.True(new StatusReading(well).IsWell);
        Assert.False(new StatusReading(well with { Alarms = s_reading.Status.Alarms }).IsWell);
        Assert.False(new StatusReading(well with { Disks = s_reading.Status.Disks }).IsWell);
        Assert.False(new StatusReading(well with { Sources = s_reading.Status.Sources }).IsWell);
        Assert.False(new StatusReading(new RecorderStatus()).IsWell);
    }

    private static IEnumerable<string> Words(IEnumerable<string> lines) => lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static int Column(string line, string word) => TerminalText.Width(line[..line.IndexOf(word, StringComparison.Ordinal)]);
}
