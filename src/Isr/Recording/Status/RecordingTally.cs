using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording.Status;

/// <summary>
/// Counts what the journal is told: since the program started, and on the present local day, which begins with what earlier runs have
/// written of it. Told on the threads that record, so all of it is a few additions.
/// </summary>
internal sealed partial class RecordingTally(JournalWriter journal, GeneralSettings settings, WallClock clock, TimeProvider time, ILogger<RecordingTally> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private DateTimeOffset _since;
    private DateOnly _day;

    /// <summary>Counts from now on; before anything is entered into the journal.</summary>
    public void Follow()
    {
        (_since, _day) = (time.GetUtcNow(), Today());
        journal.Appended += Take;
    }

    /// <summary>Reads what earlier runs have written of this day. It may take a second; a journal that cannot be read is said once and counts nothing.</summary>
    public void ReadEarlier(CancellationToken cancellationToken)
    {
        var midnight = Midnight(_day);
        var opened = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        try
        {
            foreach (var path in JournalReader.Days(settings.StateDirectory).TakeLast(2))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var entry in JournalReader.Read(path).Where(entry => entry.At < _since))
                {
                    TakeEarlier(entry, midnight, opened);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnread(settings.StateDirectory, e.Message);
        }
    }

    /// <summary>A source's status with what was counted of it.</summary>
    public SourceStatus Fill(SourceStatus status)
    {
        lock (_gate)
        {
            var today = Today();
            if (today != _day)
            {
                _day = today;
                foreach (var each in _sources.Values)
                {
                    each.BeginDay();
                }
            }

            var source = Of(status.Name);
            source.Seconds = status.Seconds;
            return status with { Counts = source.Counts(), Today = source.Day(_day) };
        }
    }

    private void Take(JournalEntry entry)
    {
        lock (_gate)
        {
            switch (entry)
            {
                case GapFound { Seconds: > 0 } gap:
                    Of(gap.Source).CountGap(gap.Cause, gap.Seconds);
                    break;
                case GapHealed healed:
                    Of(healed.Source).Healed++;
                    break;
                case StallFound stall:
                    Of(stall.Source).Stalls++;
                    Of(stall.Source).StalledSeconds += stall.Seconds;
                    break;
                case SourceConnected connected:
                    Of(connected.Source).Connections++;
                    break;
                case SourceDisconnected ended:
                    Count(Of(ended.Source).Disconnects, ended.Cause);
                    break;
                case FileOpened opened:
                    Of(opened.Source).FilesOpened++;
                    break;
                case FileClosed closed:
                    Count(Of(closed.Source).FilesClosed, closed.How);
                    break;
            }
        }
    }

    private void TakeEarlier(JournalEntry entry, DateTimeOffset midnight, Dictionary<string, DateTimeOffset> opened)
    {
        switch (entry)
        {
            case GapFound { Seconds: > 0 } gap when gap.To > midnight:
                lock (_gate)
                {
                    Of(gap.Source).CountEarlierGap(gap.Seconds);
                }

                break;
            case FileOpened file:
                opened[file.File] = file.Start;
                break;
            case FileClosed closed when opened.Remove(closed.File, out var start) && closed.End > midnight:
                lock (_gate)
                {
                    Of(closed.Source).CountEarlier((closed.End - (start > midnight ? start : midnight)).TotalSeconds);
                }

                break;
        }
    }

    private Source Of(string name)
    {
        if (!_sources.TryGetValue(name, out var source))
        {
            _sources[name] = source = new Source();
        }

        return source;
    }

    private DateOnly Today() => DateOnly.FromDateTime(clock.ToLocal(clock.Now).DateTime);

    private DateTimeOffset Midnight(DateOnly day)
    {
        // Where the day begins at one, since its first hour is skipped, that is when it begins.
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (clock.Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, clock.Zone.GetUtcOffset(local));
    }

    private static void Count(Dictionary<string, long> counts, string word) => counts[word] = counts.GetValueOrDefault(word) + 1;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal in {Directory} could not be read: what earlier runs recorded today is not counted in status.json ({Reason})")]
    private partial void LogUnread(string directory, string reason);

    private sealed class Source
    {
        private readonly Dictionary<string, GapCount> _gapsByCause = new(StringComparer.Ordinal);
        private long _gaps;
        private double _missing;

        // What was counted when the day began; less than nothing where earlier runs recorded on this day.
        private double _secondsBefore;
        private long _gapsBefore;
        private double _missingBefore;

        public Dictionary<string, long> Disconnects { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> FilesClosed { get; } = new(StringComparer.Ordinal);

        public double Seconds { get; set; }

        public long Connections { get; set; }

        public long Healed { get; set; }

        public long Stalls { get; set; }

        public double StalledSeconds { get; set; }

        public long FilesOpened { get; set; }

        public void CountGap(string cause, double seconds)
        {
            var before = _gapsByCause.GetValueOrDefault(cause) ?? new GapCount(0, 0);
            _gapsByCause[cause] = new GapCount(before.Count + 1, Math.Round(before.Seconds + seconds, 3));
            _gaps++;
            _missing += seconds;
        }

        public void CountEarlierGap(double seconds)
        {
            _gapsBefore--;
            _missingBefore -= seconds;
        }

        public void CountEarlier(double seconds) => _secondsBefore -= seconds;

        public void BeginDay() => (_secondsBefore, _gapsBefore, _missingBefore) = (Seconds, _gaps, _missing);

        public SourceDay Day(DateOnly day) => new(day, Math.Round(Seconds - _secondsBefore, 1), _gaps - _gapsBefore, Math.Round(_missing - _missingBefore, 1));

        public SourceCounts Counts() => new()
        {
            Connections = Connections,
            Disconnects = Copy(Disconnects),
            Gaps = _gaps,
            MissingSeconds = Math.Round(_missing, 3),
            GapsByCause = Copy(_gapsByCause),
            Healed = Healed,
            Stalls = Stalls,
            StalledSeconds = Math.Round(StalledSeconds, 3),
            FilesOpened = FilesOpened,
            FilesClosed = Copy(FilesClosed),
        };

        private static Dictionary<string, T>? Copy<T>(Dictionary<string, T> counts) => counts.Count == 0 ? null : new(counts, StringComparer.Ordinal);
    }
}
