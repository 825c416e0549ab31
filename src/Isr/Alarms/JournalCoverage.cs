using Isr.Catalog.Coverage;
using Isr.Recording.Journal;

namespace Isr.Alarms;

/// <summary>
/// How much of the last day of every source is there, by the journal alone: the recorder without a page has no index. It counts as
/// <see cref="CoverageReporter"/> does (<see cref="RecordedTime"/>), without asking why something is missing. Used by one task.
/// </summary>
internal sealed class JournalCoverage(string stateDirectory, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromDays(1);

    /// <summary>The longest file is a day long, the days of the journal are UTC's, and a file left open by a crash is closed by a later run.</summary>
    private static readonly TimeSpan s_reach = TimeSpan.FromDays(3);

    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceTime> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Source, RecordedFile File)> _files = new(StringComparer.Ordinal);

    /// <summary>Reads on what was written since the last time.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public void Follow()
    {
        var oldest = time.GetUtcNow() - s_reach;
        foreach (var day in JournalReader.Days(stateDirectory))
        {
            if (string.CompareOrdinal(Path.GetFileName(day), $"{oldest:yyyy-MM-dd}") < 0)
            {
                _positions.Remove(day);
                continue;
            }

            var position = _positions.GetValueOrDefault(day);
            foreach (var entry in JournalReader.Read(day, ref position))
            {
                Take(entry);
            }

            _positions[day] = position;
        }

        Forget(oldest.UtcTicks);
    }

    /// <summary>The last 24 hours of every source: what was expected, what is there.</summary>
    /// <param name="active">The files that are being recorded now.</param>
    public IReadOnlyDictionary<string, CoverageFigures> Look(IReadOnlySet<string> active)
    {
        var now = time.GetUtcNow().UtcTicks;
        var files = _files.Values.ToLookup(file => file.Source, file => file.File, StringComparer.Ordinal);
        return _sources.ToDictionary(source => source.Key, source => Of(source.Value, [.. files[source.Key].OrderBy(file => file.Start)], active, now), StringComparer.Ordinal);
    }

    private static CoverageFigures Of(SourceTime source, List<RecordedFile> files, IReadOnlySet<string> active, long now)
    {
        var window = new Interval(now - s_window.Ticks, now);
        var expected = source.Expected.Select(e => new Interval(e.Since, e.Until ?? now).Within(window)).Where(e => e.Length > 0).ToList();
        var (recorded, _) = RecordedTime.Of(new CoverageFacts
        {
            Files = files,
            Stalls = source.Stalls,
            Healed = source.Healed,
            Gaps = [],
            Disconnects = [],
            Runs = [],
            Active = active,
            IsRecorderAlive = true,
            Now = now,
        });
        return CoverageFigures.Of(expected.Sum(e => e.Length), expected.Sum(span => Interval.Subtract(span, recorded).Sum(missing => missing.Length)));
    }

    private void Take(JournalEntry entry)
    {
        switch (entry)
        {
            case SourceConfigured configured:
                Of(configured.Source).Expect(configured.At.UtcTicks);
                break;
            case SourceRemoved removed:
                Of(removed.Source).End(removed.Since.UtcTicks);
                break;
            case FileOpened opened:
                _files[opened.File] = (opened.Source, new RecordedFile(opened.File, opened.Start.UtcTicks, opened.SampleRate));
                Of(opened.Source).WasExpected(opened.Start.UtcTicks);
                break;
            case FileClosed closed when _files.TryGetValue(closed.File, out var open):
                _files[closed.File] = open with { File = open.File with { Samples = closed.Samples, End = closed.End.UtcTicks, How = closed.How } };
                break;
            case StartCorrected corrected when _files.TryGetValue(corrected.File, out var wrong):
                var start = corrected.Start.UtcTicks;
                _files[corrected.File] = wrong with { File = wrong.File with { Start = start, MovedTicks = wrong.File.MovedTicks + start - wrong.File.Start } };
                break;
            case FileMoved moved when _files.Remove(moved.File, out var file):
                _files[moved.To] = file with { File = file.File with { File = moved.To } };
                break;
            case FileDeleted deleted when _files.Remove(deleted.File, out var file):
                // It was recorded; what comes later may have its name.
                _files[$".trash/{deleted.Item}"] = file;
                break;
            case FileRestored restored when _files.Remove($".trash/{restored.Item}", out var file):
                _files[restored.To] = file;
                break;
            case FilePurged { Item: null } purged when _files.Remove(purged.File, out var file):
                _files[$".trash/{purged.At.UtcTicks}"] = file;
                break;
            case GapFound gap:
                // Written by a start, it reaches back to the runs before.
                Of(gap.Source).WasExpected(gap.From.UtcTicks);
                break;
            case GapHealed healed:
                Of(healed.Source).Healed.Add(healed.Time.UtcTicks);
                break;
            case StallFound stall:
                Of(stall.Source).Stalls.Add((stall.File, new Interval(stall.From.UtcTicks, stall.From.UtcTicks + (long)(stall.Seconds * TimeSpan.TicksPerSecond))));
                break;
        }
    }

    private void Forget(long before)
    {
        foreach (var (name, file) in _files)
        {
            if (file.File.Start < before)
            {
                _files.Remove(name);
            }
        }

        foreach (var source in _sources.Values)
        {
            source.Healed.RemoveAll(at => at < before);
            source.Stalls.RemoveAll(stall => stall.Span.To < before);
            source.Expected.RemoveAll(span => span.Until < before);
        }
    }

    private SourceTime Of(string source)
    {
        if (!_sources.TryGetValue(source, out var known))
        {
            _sources[source] = known = new SourceTime();
        }

        return known;
    }

    private sealed class SourceTime
    {
        /// <summary>When it was to be recorded, in UTC ticks.</summary>
        public List<(long Since, long? Until)> Expected { get; } = [];

        public List<long> Healed { get; } = [];

        public List<(string? File, Interval Span)> Stalls { get; } = [];

        public void Expect(long since)
        {
            if (Expected.Count == 0 || Expected[^1].Until is not null)
            {
                Expected.Add((since, null));
            }
        }

        public void End(long until)
        {
            if (Expected.Count > 0 && Expected[^1] is { Until: null } last)
            {
                Expected[^1] = (last.Since, Math.Max(last.Since, until));
            }
        }

        /// <summary>The line that says so lies further back than is read: the run began long ago.</summary>
        public void WasExpected(long at)
        {
            if (Expected.Count == 0)
            {
                Expected.Add((at, null));
            }
            else if (Expected is [var only] && at < only.Since)
            {
                Expected[0] = only with { Since = at };
            }
        }
    }
}
