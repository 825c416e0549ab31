using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Isr.Sources;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Recording.Status;

public sealed class RecordingTallyTests : IDisposable
{
    private static readonly TimeZoneInfo s_zone = TimeZoneInfo.CreateCustomTimeZone("two hours ahead", TimeSpan.FromHours(2), null, null);
    private static readonly DateTimeOffset s_start = new(2026, 5, 23, 10, 0, 0, TimeSpan.FromHours(2));

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(s_start, s_zone);
    private readonly JournalWriter _journal;
    private readonly RecordingTally _tally;

    public RecordingTallyTests()
    {
        var settings = Settings.ForFolder(_directory.Path).General;
        _journal = new JournalWriter(settings.StateDirectory, _time, NullLogger<JournalWriter>.Instance);
        _tally = new RecordingTally(_journal, settings, new WallClock(_time, () => ClockState.Synchronised), _time, NullLogger<RecordingTally>.Instance);
        _tally.Follow();
    }

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void What_the_journal_is_told_is_counted_by_cause()
    {
        _journal.Append(new SourceConnected("news", "http://x/", null, null));
        _journal.Append(new FileOpened("news", "a", s_start, "Mpeg", 44100, 2, null));
        _journal.Append(new FileClosed("news", "a", s_start, 1, 1, "split"));
        _journal.Append(new FileClosed("news", "b", s_start, 1, 1, "broken"));
        _journal.Append(new SourceDisconnected("news", "broken", "gone"));
        _journal.Append(new GapFound("news", s_start, s_start, 2.5, "broken", null));
        _journal.Append(new GapFound("news", s_start, s_start, 1.5, "disk", null));
        _journal.Append(new GapFound("news", s_start, s_start, -1, "broken", "the burst reaches over it"));
        _journal.Append(new GapHealed("news", s_start, 10, 1, "broken", null));
        _journal.Append(new StallFound("news", null, 0, s_start, 3));
        _journal.Append(new GapFound("talk", s_start, s_start, 7, "silence", null));

        var counts = Read("news", 100).Counts!;

        Assert.Equal((1, 1, 1L, 3.0), (counts.Connections, counts.FilesOpened, counts.Stalls, counts.StalledSeconds));
        Assert.Equal((2, 4.0, 1L), (counts.Gaps, counts.MissingSeconds, counts.Healed));
        Assert.Equal(new GapCount(1, 2.5), counts.GapsByCause!["broken"]);
        Assert.Equal(new GapCount(1, 1.5), counts.GapsByCause["disk"]);
        Assert.Equal((1, 1), (counts.FilesClosed!["split"], counts.FilesClosed["broken"]));
        Assert.Equal(1, counts.Disconnects!["broken"]);
        Assert.Equal(new SourceDay(new DateOnly(2026, 5, 23), 100, 2, 4), Read("news", 100).Today);
    }

    [Fact]
    public void A_day_begins_at_local_midnight()
    {
        _journal.Append(new GapFound("news", s_start, s_start, 2, "broken", null));
        Read("news", 50_000);
        _time.Advance(TimeSpan.FromHours(14));

        // What came since the last reading is the new day's: status.json is written every two seconds.
        Assert.Equal(new SourceDay(new DateOnly(2026, 5, 24), 2, 0, 0), Read("news", 50_002).Today);
        Assert.Equal(new SourceDay(new DateOnly(2026, 5, 24), 60, 0, 0), Read("news", 50_060).Today);
        Assert.Equal(1, Read("news", 50_060).Counts!.Gaps);
    }

    [Fact]
    public void A_day_begins_with_what_earlier_runs_recorded_of_it()
    {
        // Of the first file the half after midnight counts, of a gap that ended yesterday nothing.
        var midnight = new DateTimeOffset(2026, 5, 23, 0, 0, 0, TimeSpan.FromHours(2));
        Write(
            new FileOpened("news", "a", midnight.AddMinutes(-30), "Mpeg", 44100, 2, null) { At = midnight.AddMinutes(-30) },
            new GapFound("news", midnight.AddHours(-2), midnight.AddHours(-1), 3600, "broken", null) { At = midnight.AddHours(-1) },
            new FileClosed("news", "a", midnight.AddMinutes(30), 1, 1, "split") { At = midnight.AddMinutes(30) },
            new GapFound("news", midnight.AddHours(1), midnight.AddHours(1).AddSeconds(9), 9, "broken", null) { At = midnight.AddHours(2) });

        _tally.ReadEarlier(TestContext.Current.CancellationToken);

        Assert.Equal(new SourceDay(new DateOnly(2026, 5, 23), 1805, 1, 9), Read("news", 5).Today);
        Assert.Equal(0, Read("news", 5).Counts!.Gaps);
    }

    private SourceStatus Read(string name, double seconds) => _tally.Fill(new SourceStatus { Name = name, Type = "stream", Seconds = seconds });

    private void Write(params JournalEntry[] entries)
    {
        var folder = Directory.CreateDirectory(JournalReader.DirectoryOf(Path.Combine(_directory.Path, ".isr"))).FullName;
        foreach (var day in entries.GroupBy(entry => entry.At.UtcDateTime.Date))
        {
            File.WriteAllBytes(Path.Combine(folder, $"{day.Key:yyyy-MM-dd}.jsonl"), [.. day.SelectMany(JournalLine.Format)]);
        }
    }
}
