using Isr.Recording.Journal;

namespace Isr.Catalog;

/// <summary>What the journal tells of one file.</summary>
internal sealed record JournalFacts(string Source, DateTimeOffset Start, int SampleRate, int Channels)
{
    public long? Samples { get; init; }

    public long? Bytes { get; init; }
}

/// <summary>
/// Brings what the journal tells into the database, and follows it as it grows, whichever process writes it.
/// </summary>
internal sealed class JournalIndex(string stateDirectory, CatalogDatabase database)
{
    private readonly Lock _gate = new();
    private Dictionary<string, long>? _positions;
    private int _epoch;

    /// <summary>Reads what was added since the last call; the files that it tells of.</summary>
    public HashSet<string> Update(CancellationToken cancellationToken = default) => Update(cancellationToken, out _);

    /// <summary>The same, and which of them moved.</summary>
    public HashSet<string> Update(CancellationToken cancellationToken, out IReadOnlyList<FileMoved> moved)
    {
        lock (_gate)
        {
            var found = new List<FileMoved>();
            moved = found;
            var touched = new HashSet<string>(StringComparer.Ordinal);
            var epoch = database.Epoch;
            if (_positions is null || _epoch != epoch)
            {
                (_positions, _epoch) = (database.JournalPositions(), epoch);
            }

            var days = JournalReader.Days(stateDirectory).ToDictionary(day => Path.GetFileName(day)!, day => new FileInfo(day), StringComparer.Ordinal);
            if (_positions.Any(p => !days.TryGetValue(p.Key, out var day) || !day.Exists || day.Length < p.Value))
            {
                // A day is gone or shorter: this is another journal.
                database.ForgetJournal();
                _positions.Clear();
            }

            foreach (var (name, day) in days)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // Days gone by are looked at too: a clock that is set back is written down there.
                var position = _positions.GetValueOrDefault(name);
                if (day.Exists && day.Length != position && TryRead(day.FullName, ref position) is { } entries)
                {
                    database.TakeJournal(name, position, entries, touched);
                    found.AddRange(entries.OfType<FileMoved>());
                    _positions[name] = position;
                }
            }

            return touched;
        }
    }

    private static List<JournalEntry>? TryRead(string path, ref long position)
    {
        try
        {
            return JournalReader.Read(path, ref position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone since, or not ours to read.
            return null;
        }
    }
}
