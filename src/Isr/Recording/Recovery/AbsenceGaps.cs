using System.Globalization;
using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.Recording.Recovery;

/// <summary>
/// Enters what each source lacks because the program was not running: known when its first file of this run is open and
/// the end of its last one is known, whichever comes first.
/// </summary>
internal sealed class AbsenceGaps(JournalWriter journal, WallClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _starts = new(StringComparer.Ordinal);
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
        List<KeyValuePair<string, DateTimeOffset>> begun;
        lock (_gate)
        {
            (_ends, _cause, _sentence) = (ends, cause, $"the program was not running from {Text(from, to)} to {Text(to, from)}");
            begun = [.. _starts];
        }

        begun.ForEach(start => Enter(start.Key, start.Value));
    }

    private void Take(JournalEntry entry)
    {
        if (entry is not FileOpened opened)
        {
            return;
        }

        lock (_gate)
        {
            if (!_starts.TryAdd(opened.Source, opened.Start) || _ends is null)
            {
                return;
            }
        }

        Enter(opened.Source, opened.Start);
    }

    private void Enter(string source, DateTimeOffset start)
    {
        if (_ends!.TryGetValue(source, out var end))
        {
            var (from, to) = (end.ToUniversalTime(), start.ToUniversalTime());
            journal.Append(new GapFound(source, from, to, Math.Round((to - from).TotalSeconds, 3), _cause, _sentence));
        }
    }

    private string Text(DateTimeOffset time, DateTimeOffset other)
    {
        var (local, localOther) = (clock.ToLocal(time), clock.ToLocal(other));
        return local.ToString(local.Date == localOther.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
