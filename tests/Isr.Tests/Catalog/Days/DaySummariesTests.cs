using System.Globalization;
using Isr.Audio.Detection;
using Isr.Catalog;
using Isr.Catalog.Days;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Days;

public sealed class DaySummariesTests : IAsyncDisposable
{
    private const int Rate = 8000;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(At("2026-05-23T00:30:00Z"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
    private readonly CatalogRig _rig;
    private readonly DaySummaries _days;

    public DaySummariesTests()
    {
        Directory.CreateDirectory(Folder);
        _rig = new CatalogRig(Folder, State, _time);
        _days = new DaySummaries(_rig.Options, _rig.Database, _rig.Coverage, _time);
    }

    private string Folder => _directory.File("rec");

    private string State => _directory.File("state");

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Days_tell_what_was_recorded_and_what_is_missing()
    {
        Begin("2026-05-20T22:00:00Z");
        Add("2026-05-20T22:00:00Z", hours: 24);
        Add("2026-05-22T02:00:00Z", hours: 20);
        await _rig.ListAsync();

        var days = _days.Of(default);

        // The recorder's days begin at 22:00 UTC; it is 2:30 of the third, of which nothing came.
        Assert.Equal(["2026-05-23", "2026-05-22", "2026-05-21"], days.Select(d => d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        Assert.Equal([0, 1, 1], days.Select(d => d.Recordings));
        Assert.Equal([0, 20 * 3600, 24 * 3600], days.Select(d => d.Seconds));
        Assert.Equal([2.5 * 3600, 4 * 3600, 0], days.Select(d => d.Missing));
        Assert.Equal([0, 7, 7], days.Select(d => d.Bytes));
    }

    [Fact]
    public async Task What_changes_later_is_seen()
    {
        Begin("2026-05-20T22:00:00Z");
        Add("2026-05-20T22:00:00Z", hours: 1);
        await _rig.ListAsync();
        Assert.Equal((1, 0L, 23 * 3600.0), Of("2026-05-21"));

        var name = Add("2026-05-21T08:00:00Z", hours: 2);
        await _rig.ListAsync();
        Assert.Equal((2, 0L, 21 * 3600.0), Of("2026-05-21"));

        var file = new FileInfo(Path.Combine(Folder, name));
        _rig.Database.SaveAnalysis(name, file.Length, file.LastWriteTimeUtc, DetectionParameters.Default, """[{"start":1,"end":2,"score":20},{"start":5,"end":6,"score":14}]""");
        Assert.Equal((2, 2L, 21 * 3600.0), Of("2026-05-21"));

        // Somebody takes it away: it was recorded all the same.
        file.Delete();
        await _rig.ListAsync();
        Assert.Equal((1, 0L, 21 * 3600.0), Of("2026-05-21"));

        JournalFiles.Append(State, new StartCorrected(Path.GetFileName(Add("2026-05-22T10:00:00Z", hours: 1)), At("2026-05-21T20:00:00Z")) { At = At("2026-05-22T12:00:00Z") });
        await _rig.ListAsync();
        Assert.Equal(20 * 3600.0, Of("2026-05-21").Missing);
    }

    [Fact]
    public async Task Filters_are_those_of_the_list()
    {
        Begin("2026-05-20T22:00:00Z");
        foreach (var start in (string[])["2026-05-20T22:00:00Z", "2026-05-21T08:00:00Z", "2026-05-22T08:00:00Z"])
        {
            Add(start, hours: 1);
        }

        await _rig.ListAsync();

        FileFilter[] filters =
        [
            default, new(From: "2026-05-22"), new(To: "2026-05-21"), new(From: "2026-05-21 09:00:00", To: "2026-05-22 09"), new(Q: "0521"), new(Source: "radio"), new(Source: "other"),
        ];
        for (var i = 0; i < 3; i++)
        {
            foreach (var filter in filters)
            {
                var listed = (await _rig.ListAsync(filter)).GroupBy(item => item.Date[..10], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
                var counted = _days.Of(filter).Where(d => d.Recordings > 0).ToDictionary(d => d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d => d.Recordings, StringComparer.Ordinal);
                Assert.Equal(listed.OrderBy(p => p.Key, StringComparer.Ordinal), counted.OrderBy(p => p.Key, StringComparer.Ordinal));
            }

            // What was kept of every filter is brought up to date.
            Add(string.Create(CultureInfo.InvariantCulture, $"2026-05-21T1{i}:00:00Z"), hours: 1);
            await _rig.ListAsync();
        }
    }

    private (int Recordings, long Sections, double? Missing) Of(string day)
    {
        var found = _days.Of(default).Single(d => d.Day == DateOnly.Parse(day, CultureInfo.InvariantCulture));
        return (found.Recordings, found.Sections, found.Missing);
    }

    private void Begin(string at) => JournalFiles.Append(
        State, new ProgramStarted("0", 1, "Europe/Berlin", "synchronised") { At = At(at) }, new SourceConfigured("radio", "stream", []) { At = At(at) });

    private string Add(string start, int hours)
    {
        var begin = At(start);
        var name = TimeZoneInfo.ConvertTime(begin, _time.LocalTimeZone).ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture) + ".wav";
        File.WriteAllText(Path.Combine(Folder, name), "no WAV\n");
        JournalFiles.Append(
            State,
            new FileOpened("radio", name, begin, "Pcm", Rate, 1, null) { At = begin },
            new FileClosed("radio", name, begin.AddHours(hours), 3600L * hours * Rate, 7, "split") { At = begin.AddHours(hours) });
        return name;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
