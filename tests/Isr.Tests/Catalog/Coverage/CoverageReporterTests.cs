using System.Globalization;
using System.Text.Json;
using Isr.Catalog.Coverage;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Coverage;

public sealed class CoverageReporterTests : IDisposable
{
    private const int Rate = 44100;

    private readonly TemporaryDirectory _directory = new();
    private ManualTimeProvider _time = Clock("2026-05-30T00:00:00Z", "Europe/Berlin");

    private string Folder => Directory.CreateDirectory(_directory.File("rec")).FullName;

    private string State => _directory.File("state");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_day_of_hours_is_whole()
    {
        Write(Run("2026-05-23T00:00:00Z"), [.. Hours("2026-05-23T00:00:00Z", 48)], [Stopped("2026-05-25T00:00:00Z")]);

        var source = Report("2026-05-23 02:00", "2026-05-24 23:59:59");

        Assert.Equal(0, source.Total.Missing);
        Assert.Equal(100, source.Total.Percent);
        Assert.Empty(source.Gaps);
        Assert.Equal([22 * 3600, (24 * 3600) - 1], source.Days.Select(d => d.Figures.Expected));
    }

    [Fact]
    public void A_gap_over_midnight_is_one_gap_and_counts_on_both_days()
    {
        var gap = new GapFound("radio", At("2026-05-23T21:59:00Z"), At("2026-05-23T22:02:00Z"), 180, "broken", "the connection broke") { At = At("2026-05-23T22:02:01Z") };
        Write(Run("2026-05-23T20:00:00Z"), File("2026-05-23T20:00:00Z", "2026-05-23T21:59:00Z", "broken"), [gap], File("2026-05-23T22:02:00Z", "2026-05-24T22:00:00Z"));

        var source = Report("2026-05-23", "2026-05-24");

        var missing = Assert.Single(source.Gaps);
        Assert.Equal((180.0, "broken", "the connection broke", false), (missing.Seconds, missing.Cause, missing.Sentence, missing.Open));
        Assert.Equal("2026-05-23T23:59:00+02:00", missing.From.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        Assert.Equal([60, 120], source.Days.Select(d => d.Figures.Missing));
        Assert.Equal(7200, source.Days[0].Figures.Expected);
    }

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    public void Days_on_which_clocks_are_set_are_as_long_as_they_are(string day, int hours)
    {
        _time = Clock("2026-12-01T00:00:00Z", "Europe/Berlin");
        var start = At(day + "T00:00:00Z").AddDays(-1);
        Write(Run(Text(start)), [.. Hours(Text(start), 72)]);

        var source = Report(day, day);

        Assert.Equal((hours * 3600.0, 0.0, 100.0), (source.Total.Expected, source.Total.Missing, source.Total.Percent));
        Assert.Single(source.Days);
    }

    [Fact]
    public void A_stall_is_missing_though_it_lies_in_a_file()
    {
        var stall = new StallFound("radio", "20260523_000000.mp3", 600L * Rate, At("2026-05-23T00:10:00Z"), 30) { At = At("2026-05-23T00:11:00Z") };
        var end = At("2026-05-23T01:00:00Z");
        Write(
            Run("2026-05-23T00:00:00Z"),
            [Opened("2026-05-23T00:00:00Z"), stall, Closed("2026-05-23T00:00:00Z", end, 3570L * Rate, "split")],
            File("2026-05-23T01:00:00Z", "2026-05-23T02:00:00Z"));

        var source = Report("2026-05-23 02:00", "2026-05-23 04:00");

        var gap = Assert.Single(source.Gaps);
        Assert.Equal((30.0, "stall", At("2026-05-23T00:10:00Z")), (gap.Seconds, gap.Cause, gap.From));
        Assert.Equal(30, source.Total.Missing);
    }

    [Fact]
    public void A_reconnect_that_healed_leaves_nothing_missing()
    {
        var meet = At("2026-05-23T00:30:00Z");
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:00Z", "2026-05-23T00:30:00Z", "broken"),
            [
                new SourceDisconnected("radio", "broken", "the connection broke") { At = meet.AddSeconds(1) },
                new GapHealed("radio", meet, 40, 1.04, "broken", "the connection broke") { At = meet.AddSeconds(3) },
            ],
            File("2026-05-23T00:30:00.015Z", "2026-05-23T01:00:00Z"));

        Assert.Equal((0.0, 100.0), (Report("2026-05-23 02:00", "2026-05-23 03:00").Total.Missing, Report("2026-05-23 02:00", "2026-05-23 03:00").Total.Percent));
    }

    [Theory]
    [InlineData("split", 0.02, 0)]
    [InlineData("link", 0.019, 0)]
    [InlineData("broken", 0.02, 0.02)]
    [InlineData("broken", 0.0009, 0)]
    [InlineData("split", 0.2, 0.2)]
    public void Joins_are_as_exact_as_the_journal(string how, double gap, double missing)
    {
        var meet = At("2026-05-23T00:30:00Z");
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:00Z", Text(meet), how),
            File(Text(meet.AddSeconds(gap)), "2026-05-23T01:00:00Z"));

        var total = Report("2026-05-23 02:00", "2026-05-23 03:00").Total;

        Assert.Equal(missing, total.Missing);
        Assert.Equal(missing == 0, total.Percent == 100);
    }

    [Fact]
    public void The_end_that_the_journal_tells_follows_a_source_whose_clock_is_off()
    {
        // 100 ppm: 0.36 s in an hour.
        Write(
            Run("2026-05-23T00:00:00Z"),
            [Opened("2026-05-23T00:00:00Z"), Closed("2026-05-23T00:00:00Z", At("2026-05-23T01:00:00Z"), (long)(3599.64 * Rate), "split")],
            File("2026-05-23T01:00:00Z", "2026-05-23T02:00:00Z"));

        Assert.Equal(0, Report("2026-05-23 02:00", "2026-05-23 04:00").Total.Missing);
    }

    [Fact]
    public void The_time_that_the_program_was_stopped_is_missing()
    {
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:00Z", "2026-05-23T01:00:00Z", "stopped"),
            [new SourceDisconnected("radio", "stopped", "told to stop") { At = At("2026-05-23T01:00:00.1Z") }, Stopped("2026-05-23T01:00:00.3Z")],
            Run("2026-05-23T02:00:00Z"),
            File("2026-05-23T02:00:01Z", "2026-05-23T03:00:00Z"));

        var source = Report("2026-05-23 02:00", "2026-05-23 05:00");

        var gap = Assert.Single(source.Gaps);
        Assert.Equal((3601.0, "stopped"), (gap.Seconds, gap.Cause));
        Assert.Equal(3601, source.Total.Missing);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_killed_program_lost_what_its_file_lacks_and_the_time_until_the_next_start(bool isTold)
    {
        // The file tells its length itself: 100 frames of 1152 samples.
        var sound = await TestAudio.Mp3Async();
        await System.IO.File.WriteAllBytesAsync(Path.Combine(Folder, "20260523_000000.mp3"), sound.Bytes(0, 100), TestContext.Current.CancellationToken);
        Write(
            Run("2026-05-23T00:00:00Z"),
            [Opened("2026-05-23T00:00:00Z"), new TitleHeard("radio", At("2026-05-23T00:00:03Z"), "x") { At = At("2026-05-23T00:00:03Z") }],
            [
                .. Run("2026-05-23T00:10:00Z"),
                .. isTold ? [new ProgramKilled(At("2026-05-23T00:00:03Z")) { At = At("2026-05-23T00:10:00Z") }] : Array.Empty<JournalEntry>(),
            ],
            File("2026-05-23T00:10:00Z", "2026-05-23T01:00:00Z"));

        var source = Report("2026-05-23 02:00", "2026-05-23 03:00");

        var gap = Assert.Single(source.Gaps);
        Assert.Equal("killed", gap.Cause);
        Assert.Equal(600 - (100 * 1152.0 / Rate), gap.Seconds, 0.1);
    }

    [Fact]
    public void A_removed_source_is_expected_until_then_and_again_when_it_comes_back()
    {
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:00Z", "2026-05-23T01:00:00Z"),
            [Stopped("2026-05-23T01:00:00Z")],
            [Started("2026-05-23T05:00:00Z"), new SourceRemoved("radio", At("2026-05-23T01:00:00Z")) { At = At("2026-05-23T05:00:00Z") }, Stopped("2026-05-23T06:00:00Z")],
            Run("2026-05-23T08:00:00Z"),
            File("2026-05-23T08:00:00Z", "2026-05-23T09:00:00Z"),
            [Stopped("2026-05-23T09:00:00Z")]);

        var source = Report("2026-05-23", "2026-05-23 11:00");

        Assert.Equal((7200.0, 0.0), (source.Total.Expected, source.Total.Missing));
    }

    [Fact]
    public void What_two_files_hold_counts_once()
    {
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:00Z", "2026-05-23T00:30:00Z", "broken"),
            File("2026-05-23T00:29:56Z", "2026-05-23T00:29:58Z", "broken"),
            File("2026-05-23T00:29:57Z", "2026-05-23T00:40:00Z"));

        var source = Report("2026-05-23 02:00", "2026-05-23 03:00");

        Assert.Equal((2400.0, 1200.0), (source.Total.Recorded, source.Total.Missing));
        Assert.Equal(66.6666, source.Total.Percent);
    }

    [Fact]
    public void A_gap_that_is_open_has_its_present_cause()
    {
        _time = Clock("2026-05-23T01:00:00Z", "UTC");
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:00Z", "2026-05-23T00:30:00Z", "silence"),
            [
                new SourceDisconnected("radio", "silence", "nothing came for 30 s") { At = At("2026-05-23T00:30:30Z") },
                new SourceDisconnected("radio", "unreachable", "no route") { At = At("2026-05-23T00:31:30Z") },
            ]);
        WriteStatus(SourceState.Waiting);

        var gap = Assert.Single(Report("2026-05-23", null).Gaps);

        Assert.Equal((1800.0, "silence", true), (gap.Seconds, gap.Cause, gap.Open));
        WriteStatus(SourceState.Disk);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("disk", Assert.Single(Report("2026-05-23", null).Gaps).Cause);
    }

    [Fact]
    public void A_file_that_is_being_recorded_reaches_until_now()
    {
        _time = Clock("2026-05-23T01:00:00Z", "UTC");
        Write(Run("2026-05-23T00:00:00Z"), [Opened("2026-05-23T00:00:00Z")]);
        WriteStatus(SourceState.Recording, "20260523_000000.mp3");

        Assert.Equal((3600.0, 0.0), (Report("2026-05-23", null).Total.Recorded, Report("2026-05-23", null).Total.Missing));
    }

    [Fact]
    public void A_gap_that_nothing_explains_is_unknown_and_one_at_the_start_is_not()
    {
        Write(
            Run("2026-05-23T00:00:00Z"),
            File("2026-05-23T00:00:03Z", "2026-05-23T00:30:00Z", "broken"),
            File("2026-05-23T00:40:00Z", "2026-05-23T01:00:00Z"));

        var gaps = Report("2026-05-23 02:00", "2026-05-23 03:00").Gaps;

        Assert.Equal([("starting", 3.0), ("unknown", 600.0)], gaps.Select(g => (g.Cause, g.Seconds)));
    }

    [Fact]
    public void A_clock_that_was_wrong_at_the_start_makes_nothing_missing()
    {
        // Begun in 1970; after 10 s a time server sets it.
        var started = At("1970-01-01T00:00:10Z");
        var now = At("2026-05-23T00:00:10Z");
        var file = "19700101_000010.mp3";
        Write(
            [new ProgramStarted("1", 1, "UTC", "unsynchronised") { At = started }, new SourceConfigured("radio", "stream", []) { At = started }],
            [
                new FileOpened("radio", file, started, "Mpeg", Rate, 2, "unsynchronised") { At = started },
                new ClockStepped((now - started.AddSeconds(10)).TotalSeconds) { At = now },
                new ClockSynchronised { At = now },
                new StartCorrected(file, now.AddSeconds(-10)) { At = now },
                new FileClosed("radio", file, now, 10 * Rate, 1000, "clock") { At = now },
            ],
            File("2026-05-23T00:00:10Z", "2026-05-23T01:00:00Z"));

        var source = Report("1970-01-01", "2026-05-23 03:00");

        Assert.Equal((3600.0, 0.0), (source.Total.Expected, source.Total.Missing));
    }

    [Theory]
    [InlineData(1L, 86_400_0000_000L)]
    [InlineData(10_000L, 365 * 86_400_0000_000L)]
    public void Whoever_lacks_anything_has_not_100_percent(long missing, long expected)
    {
        var figures = CoverageFigures.Of(expected, missing);

        Assert.True(figures.Percent < 100);
        Assert.True(figures.Missing > 0);
    }

    [Theory]
    [InlineData("nonsense", null)]
    [InlineData("2026-05-24", "2026-05-23")]
    [InlineData("2027-01-01", null)]
    [InlineData(null, "0001-01-01")]
    [InlineData("9999-12-31", "9999-12-31")]
    [InlineData("2026-13-01", null)]
    public void A_span_that_is_none_is_refused_with_a_sentence(string? from, string? to)
    {
        Assert.False(CoverageSpan.TryRead(from, to, _time, out _, out var sentence));
        Assert.NotEmpty(sentence);
    }

    [Fact]
    public void Without_dates_it_is_the_last_seven_days()
    {
        Assert.True(CoverageSpan.TryRead(null, null, _time, out var span, out _));

        Assert.Equal(At("2026-05-23T22:00:00Z").UtcTicks, span.From);
        Assert.Equal(_time.GetUtcNow().UtcTicks, span.To);
    }

    private static ManualTimeProvider Clock(string now, string zone) => new(At(now), TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static JournalEntry[] Run(string at) => [Started(at), new SourceConfigured("radio", "stream", []) { At = At(at) }];

    private static ProgramStarted Started(string at) => new("1", 1, "UTC", "synchronised") { At = At(at) };

    private static ProgramStopped Stopped(string at) => new() { At = At(at) };

    private static string NameAt(string start) => At(start).ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture) + ".mp3";

    private static FileOpened Opened(string start) => new("radio", NameAt(start), At(start), "Mpeg", Rate, 2, null) { At = At(start).AddSeconds(1) };

    private static FileClosed Closed(string start, DateTimeOffset end, long samples, string how) =>
        new("radio", NameAt(start), end, samples, 1000, how) { At = end.AddSeconds(1) };

    private static JournalEntry[] File(string start, string end, string how = "split") =>
        [Opened(start), Closed(start, At(end), (long)Math.Round((At(end) - At(start)).TotalSeconds * Rate), how)];

    private static IEnumerable<JournalEntry> Hours(string start, int count) =>
        Enumerable.Range(0, count).SelectMany(i => File(Text(At(start).AddHours(i)), Text(At(start).AddHours(i + 1))));

    private void Write(params JournalEntry[][] parts) => JournalFiles.Append(State, parts.SelectMany(p => p));

    private void WriteStatus(SourceState state, string? file = null)
    {
        var status = new RecorderStatus
        {
            Active = file is null ? [] : [file],
            Updated = _time.GetUtcNow(),
            Pid = Environment.ProcessId,
            Sources = [new SourceMonitor("radio", "stream", _time).Current with { State = state, File = file, Error = "no room" }],
        };
        System.IO.File.WriteAllBytes(Path.Combine(Folder, RecorderStatus.FileName), JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.RecorderStatus));
    }

    private SourceCoverage Report(string? from, string? to)
    {
        using var database = new Isr.Catalog.CatalogDatabase(null, null, Microsoft.Extensions.Logging.Abstractions.NullLogger<Isr.Catalog.CatalogDatabase>.Instance);
        var options = new Isr.Catalog.CatalogOptions(Folder, State, []);
        new Isr.Catalog.JournalIndex(State, database).Update(TestContext.Current.CancellationToken);
        Assert.True(CoverageSpan.TryRead(from, to, _time, out var span, out var sentence), sentence);
        var reporter = new CoverageReporter(options, database, new Isr.Catalog.ActiveFiles(Folder, _time), _time);
        return Assert.Single(reporter.Report(span, "radio").Sources);
    }
}
