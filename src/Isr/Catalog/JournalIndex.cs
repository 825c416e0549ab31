using Isr.Recording.Journal;

namespace Isr.Catalog;

/// <summary>What the journal tells of one file.</summary>
internal sealed record JournalFacts(string Source, DateTimeOffset Start, int SampleRate, int Channels)
{
    public long? Samples { get; init; }

    public long? Bytes { get; init; }
}

/// <summary>
/// What the journal tells of files, read once and then followed as it grows, whichever process writes it.
/// </summary>
internal sealed class JournalIndex(string stateDirectory)
{
    private readonly Dictionary<string, JournalFacts> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    public JournalFacts? Find(string name) => _facts.GetValueOrDefault(name);

    /// <summary>Reads what was added since the last call.</summary>
    public void Update()
    {
        foreach (var day in JournalReader.Days(stateDirectory))
        {
            // Days gone by are looked at too: a clock that is set back is written down there.
            var position = _positions.GetValueOrDefault(day);
            if (new FileInfo(day) is { Exists: true } file && file.Length != position)
            {
                JournalReader.Read(day, ref position).ForEach(Take);
                _positions[day] = position;
            }
        }
    }

    private void Take(JournalEntry entry)
    {
        switch (entry)
        {
            case FileOpened opened:
                _facts[opened.File] = new JournalFacts(opened.Source, opened.Start, opened.SampleRate, opened.Channels);
                break;
            case FileClosed closed when _facts.TryGetValue(closed.File, out var facts):
                _facts[closed.File] = facts with { Samples = closed.Samples, Bytes = closed.Bytes };
                break;
            case FileMoved moved when _facts.Remove(moved.File, out var facts):
                _facts[moved.To] = facts;
                break;
            case StartCorrected corrected when _facts.TryGetValue(corrected.File, out var facts):
                _facts[corrected.File] = facts with { Start = corrected.Start };
                break;
        }
    }
}
