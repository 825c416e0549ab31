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
    private readonly Dictionary<string, Gap> _troubles = new(StringComparer.Ordinal);
    private Absence? _absence;

    /// <summary>Less than this between the end of a source and that of the program needs no reason of its own.</summary>
    private static readonly TimeSpan s_notable = TimeSpan.FromSeconds(5);

    /// <summary>Follows the journal from now on.</summary>
    public void Follow() => journal.Appended += Take;

    /// <summary>It is known now what was before.</summary>
    public void Know(Absence absence)
    {
        List<KeyValuePair<string, DateTimeOffset?>> begun;
        lock (_gate)
        {
            _absence = absence;
            begun = [.. _starts];
        }

        begun.ForEach(start => Enter(absence, start.Key, start.Value));
    }

    public string Sentence(DateTimeOffset from, DateTimeOffset to) => $"the program was not running from {Text(from, to)} to {Text(to, from)}";

    private void Take(JournalEntry entry)
    {
        Absence? absence;
        (string Source, DateTimeOffset? Start) begun;
        lock (_gate)
        {
            switch (entry)
            {
                case SourceDisconnected ended:
                    _troubles.TryAdd(ended.Source, new Gap(ended.Cause, ended.Sentence));
                    return;
                case GapHealed healed:
                    begun = (healed.Source, null);
                    break;
                case FileOpened opened:
                    begun = (opened.Source, opened.Start.ToUniversalTime());
                    break;
                default:
                    return;
            }

            if (!_starts.TryAdd(begun.Source, begun.Start))
            {
                return;
            }

            absence = _absence;
        }

        if (absence is not null)
        {
            Enter(absence, begun.Source, begun.Start);
        }
    }

    /// <summary>What is missing until the program ended, while it was away, and since it is back, each with its own reason.</summary>
    private void Enter(Absence absence, string source, DateTimeOffset? start)
    {
        if (start is not { } to || !absence.Ends.TryGetValue(source, out var end))
        {
            return;
        }

        var from = end.ToUniversalTime();
        var (away, back) = (from, to);
        Gap? trouble;
        lock (_gate)
        {
            trouble = _troubles.GetValueOrDefault(source);
        }

        if (absence.From - from > s_notable && absence.Outages.TryGetValue(source, out var outage))
        {
            Append(source, from, absence.From, outage);
            away = absence.From;
        }

        if (to - absence.To > s_notable && trouble is not null)
        {
            back = absence.To;
        }

        Append(source, away, back, new Gap(absence.Cause, Sentence(absence.From, absence.To)));
        if (back < to)
        {
            Append(source, back, to, trouble!);
        }
    }

    private void Append(string source, DateTimeOffset from, DateTimeOffset to, Gap gap) =>
        journal.Append(new GapFound(source, from, to, Math.Round((to - from).TotalSeconds, 3), gap.Cause, gap.Sentence)
        {
            Overlap = to < from ? "unknown" : null,
        });

    private string Text(DateTimeOffset time, DateTimeOffset other)
    {
        var (local, localOther) = (clock.ToLocal(time), clock.ToLocal(other));
        return local.ToString(local.Date == localOther.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}

/// <summary>The time between two runs of the program.</summary>
/// <param name="Ends">When each source's last file had ended.</param>
/// <param name="Outages">Why sources had ended before the program did.</param>
/// <param name="Cause">How the last run ended: a word of <see cref="GapCause"/>.</param>
/// <param name="From">When it ended.</param>
/// <param name="To">When this run began.</param>
internal sealed record Absence(
    IReadOnlyDictionary<string, DateTimeOffset> Ends, IReadOnlyDictionary<string, Gap> Outages, string Cause, DateTimeOffset From, DateTimeOffset To);
