using System.Globalization;
using Isr.Alarms;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Alarms;

/// <summary>The recorder's own look at its journal against the one that `isr coverage` takes.</summary>
public sealed class JournalCoverageTests : IDisposable
{
    private const int Rate = 44100;

    private static readonly DateTimeOffset s_now = new(2026, 5, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(s_now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

    private string State => _directory.File("state");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Weeks_of_hours_are_whole_though_only_days_are_read()
    {
        JournalFiles.Append(State, [.. Start(-400), .. Hours("radio", -400, 400)]);

        Assert.Equal(100, Compare().Percent);
    }

    [Theory]
    [InlineData(-20, 3)]
    [InlineData(-30, 10)]
    [InlineData(-3, 3)]
    [InlineData(-60, 60)]
    public void An_outage_counts_as_far_as_it_lies_in_the_last_day(int from, int hours)
    {
        JournalFiles.Append(State, [.. Start(-400), .. Hours("radio", -400, 400 + from), .. Hours("radio", from + hours, -from - hours)]);

        var figures = Compare();

        var missing = Math.Min(0, from + hours) - Math.Max(-24, from);
        Assert.Equal(missing * 3600, figures.Missing, 1.0);
    }

    [Fact]
    public void A_source_that_never_gave_anything_since_a_restart_of_today_was_expected_before_too()
    {
        JournalFiles.Append(State, [.. Start(-400), .. Hours("radio", -400, 380), .. Start(-5), new GapFound("radio", At(-20), At(-5), 15 * 3600, "unreachable", null) { At = At(-5) }]);

        Assert.Equal(20 * 3600, Compare().Missing, 1.0);
    }

    [Fact]
    public void Stalls_moves_deletions_and_corrected_starts_count_as_in_the_report()
    {
        JournalEntry[] day = [.. Hours("radio", -24, 24)];
        JournalFiles.Append(State, [
            .. Start(-30),
            .. day,
            new StallFound("radio", NameAt("radio", -7), 0, At(-6.9), 100) { At = At(-6.8) },
            new FileMoved(NameAt("radio", -5), "fallback.mp3") { At = At(-3) },
            new FileDeleted("fallback.mp3", "item", 1, null, "asked") { At = At(-2.9) },
            new FilePurged(NameAt("radio", -9), null, 1, "retention", "keep_days") { At = At(-2.8) },
            new StartCorrected(NameAt("radio", -2), At(-2).AddSeconds(90)) { At = At(-1) },
        ]);

        Assert.InRange(Compare().Missing, 100, 300);
    }

    [Fact]
    public void A_source_that_is_not_recorded_any_more_is_not_missed()
    {
        JournalFiles.Append(State, [
            .. Start(-30), new SourceConfigured("old", "stream", []) { At = At(-30) }, .. Hours("radio", -30, 30), .. Hours("old", -30, 20),
            new SourceRemoved("old", At(-10)) { At = At(-9) },
        ]);

        Assert.Equal(0, Compare("old").Missing);
    }

    [Fact]
    public void What_is_being_recorded_counts_up_to_now_and_the_journal_is_followed()
    {
        var coverage = new JournalCoverage(State, _time);
        JournalFiles.Append(State, [.. Start(-2), .. Hours("radio", -2, 1)]);
        coverage.Follow();
        Assert.Equal(3600, coverage.Look(new HashSet<string>(StringComparer.Ordinal))["radio"].Missing, 1.0);

        JournalFiles.Append(State, Opened("radio", -1));
        coverage.Follow();

        Assert.Equal(0, coverage.Look(new HashSet<string>(StringComparer.Ordinal) { NameAt("radio", -1) })["radio"].Missing);
        Assert.Equal(3600, coverage.Look(new HashSet<string>(StringComparer.Ordinal))["radio"].Missing, 1.0);
    }

    /// <summary>The last day's figures, which must be those of the report.</summary>
    private CoverageFigures Compare(string source = "radio")
    {
        var coverage = new JournalCoverage(State, _time);
        coverage.Follow();
        var own = coverage.Look(new HashSet<string>(StringComparer.Ordinal)).GetValueOrDefault(source) ?? CoverageFigures.Of(0, 0);

        using var database = new CatalogDatabase(null, null, NullLogger<CatalogDatabase>.Instance);
        var options = new CatalogOptions(_directory.File("rec"), State, []);
        new JournalIndex(State, database).Update(TestContext.Current.CancellationToken);
        var report = new CoverageReporter(options, database, new ActiveFiles(options.Folder, _time), _time).Report(new Interval(At(-24).UtcTicks, s_now.UtcTicks), source);
        Assert.Equal(Assert.Single(report.Sources).Total, own);
        return own;
    }

    private static DateTimeOffset At(double hours) => s_now.AddHours(hours);

    private static string NameAt(string source, double hours) => $"{source}/{At(hours).ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture)}.mp3";

    private static JournalEntry[] Start(double hours) => [new ProgramStarted("1", 1, "UTC", "synchronised") { At = At(hours) }, new SourceConfigured("radio", "stream", []) { At = At(hours) }];

    private static FileOpened Opened(string source, double hours) => new(source, NameAt(source, hours), At(hours), "Mpeg", Rate, 2, null) { At = At(hours).AddSeconds(1) };

    private static IEnumerable<JournalEntry> Hours(string source, int from, int count) => Enumerable.Range(from, Math.Max(0, count)).SelectMany(hour => new JournalEntry[]
    {
        Opened(source, hour),
        new FileClosed(source, NameAt(source, hour), At(hour + 1), 3600L * Rate, 1000, "split") { At = At(hour + 1).AddSeconds(1) },
    });
}
