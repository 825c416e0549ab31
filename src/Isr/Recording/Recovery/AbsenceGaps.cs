using System.Globalization;
using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.Recording.Recovery;

/// <summary>
/// Enters what each source lacks because the program was not running: known when its first file of this run is open and
/// the end of its last one is known, whichever comes first. Nothing, where the first file was joined to the last one.
/// </summary>
internal sealed class AbsenceGaps(JournalWriter journal, WallClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset?> _starts = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, DateTimeOffset>? _ends;
    private string _cause = "";
    private string _sentence = "";

    /// <summary>Follows the journal from now on.</summary>
    public void Follow() => journal.Appended += Take;

    /// <summary>The ends of all sources are known now.</summary>
    /// <param name="ends">By source.</param>
    /// <param name="cause">How the last run ended: a word of <see cref="GapCause"/>.</param>
    /// <param name="from">When it ended.</param>
    /// <param name="to">When this run began.</param>
    public void Know(IReadOnlyDictionary<string, DateTimeOffset> ends, string cause, DateTimeOffset from, DateTimeOffset to)
    {
        List<KeyValuePair<string, DateTimeOffset?>> begun;
        lock (_gate)
        {
            (_ends, _cause, _sentence) = (ends, cause, Sentence(from, to));
            begun = [.. _starts];
        }

        begun.ForEach(start => Enter(start.Key, start.Value));
    }

    public string Sentence(DateTimeOffset from, DateTimeOffset to) => $"the program was not running from {Text(from, to)} to {Text(to, from)}";

    private void Take(JournalEntry entry)
    {
        (string? source, DateTimeOffset? start) = entry switch
        {
            GapHealed healed => (healed.Source, null),
            FileOpened opened => (opened.Source, opened.Start),
            _ => ((string?)null, (DateTimeOffset?)null),
        };
        if (source is null)
        {
            return;
        }

        lock (_gate)
        {
            if (!_starts.TryAdd(source, start) || _ends is null)
            {
                return;
            }
        }

        Enter(source, start);
    }

    private void Enter(string source, DateTimeOffset? start)
    {
        if (start is { } first && _ends!.TryGetValue(source, out var end))
        {
            var (from, to) = (end.ToUniversalTime(), first.ToUniversalTime());
            journal.Append(new GapFound(source, from, to, Math.Round((to - from).TotalSeconds, 3), _cause, _sentence)
            {
                Overlap = to < from ? "unknown" : null,
            });
        }
    }

    private string Text(DateTimeOffset time, DateTimeOffset other)
    {
        var (local, localOther) = (clock.ToLocal(time), clock.ToLocal(other));
        return local.ToString(local.Date == localOther.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
