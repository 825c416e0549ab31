using Isr.Catalog.Keeping;
using Isr.Recording.Journal;

namespace Isr.Catalog.Retention;

/// <summary>What the journal tells of recordings, read on each time: no index is needed for it, and the recorder alone has none.</summary>
internal sealed class RetentionFacts(KeepingOptions options)
{
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RecordedFacts> _files = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, DateTimeOffset Start, long Bytes)> _closed = new();

    /// <summary>End of the newest recording that was finished.</summary>
    public (string File, DateTimeOffset End)? Newest { get; private set; }

    public RecordedFacts? Find(string name) => _files.TryGetValue(name, out var facts) ? facts : null;

    /// <summary>Bytes per day, by what was finished in the week before; null when that was nothing.</summary>
    public long? BytesPerDay(DateTimeOffset now)
    {
        var since = now.AddDays(-7);
        while (_closed.TryPeek(out var old) && old.At < since)
        {
            _closed.Dequeue();
        }

        var bytes = _closed.Sum(file => file.Bytes);
        var days = _closed.Count == 0 ? 0 : Math.Min(7, (now - _closed.Min(file => file.Start)).TotalDays);
        return bytes > 0 && days > 0 ? (long)(bytes / days) : null;
    }

    public void Follow()
    {
        foreach (var day in JournalReader.Days(options.StateDirectory))
        {
            var position = _positions.GetValueOrDefault(day);
            try
            {
                foreach (var entry in JournalReader.Read(day, ref position))
                {
                    Take(entry);
                }
            }
            catch (FileNotFoundException)
            {
                // Taken away since: what it told stays known.
            }

            _positions[day] = position;
        }
    }

    private void Take(JournalEntry entry)
    {
        switch (entry)
        {
            case FileOpened opened:
                _files[opened.File] = new RecordedFacts(opened.Source, opened.Start, null);
                break;
            case FileClosed closed:
                var start = _files.TryGetValue(closed.File, out var known) ? known.Start : closed.End;
                _files[closed.File] = new RecordedFacts(closed.Source, start, closed.End);
                _closed.Enqueue((closed.At, start, closed.Bytes));
                Newest = Newest is { } newest && newest.End > closed.End ? newest : (closed.File, closed.End);
                break;
            case StartCorrected corrected when _files.TryGetValue(corrected.File, out var wrong):
                _files[corrected.File] = wrong with { Start = corrected.Start, End = wrong.End + (corrected.Start - wrong.Start) };
                Newest = Newest?.File == corrected.File ? (corrected.File, _files[corrected.File].End ?? corrected.Start) : Newest;
                break;
            case FileMoved moved when _files.Remove(moved.File, out var facts):
                _files[moved.To] = facts;
                break;
            case FileDeleted deleted when _files.Remove(deleted.File, out var facts):
                _files[$".trash/{deleted.Item}"] = facts;
                break;
            case FileRestored restored when _files.Remove($".trash/{restored.Item}", out var facts):
                _files[restored.To] = facts;
                break;
            case FilePurged purged:
                _files.Remove(purged.Item is { } item ? $".trash/{item}" : purged.File);
                break;
        }
    }
}

/// <param name="Source">Which source.</param>
/// <param name="Start">When its first sample sounded.</param>
/// <param name="End">When its last had; null while it is open.</param>
internal readonly record struct RecordedFacts(string Source, DateTimeOffset Start, DateTimeOffset? End);
