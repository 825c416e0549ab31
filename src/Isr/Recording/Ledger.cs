using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.Recording;

/// <summary>Enters what happens to files into the journal, and corrects it once the clock is known to be right.</summary>
internal sealed class Ledger
{
    // A computer that no time server ever reaches: later files keep their mark, and are not remembered for a correction.
    private const int MaxUncertain = 50_000;

    private readonly JournalWriter _journal;
    private readonly FileSealer _sealer;
    private readonly WallClock _clock;
    private readonly Lock _gate = new();
    private readonly List<(string File, long Timestamp)> _uncertain = [];

    public Ledger(JournalWriter journal, FileSealer sealer, WallClock clock)
    {
        (_journal, _sealer, _clock) = (journal, sealer, clock);
        clock.Stepped += step => journal.Append(new ClockStepped(Math.Round(step.Seconds, 6)));
        clock.Synchronised += Correct;
    }

    public void Append(JournalEntry entry) => _journal.Append(entry);

    public void Opened(FileOpened opened, FileStart start)
    {
        if (start.IsCertain)
        {
            _journal.Append(opened);
            return;
        }

        lock (_gate)
        {
            _journal.Append(opened with { Clock = "unsynchronised" });
            if (_clock.State == ClockState.Unsynchronised && _uncertain.Count < MaxUncertain)
            {
                _uncertain.Add((opened.File, start.Timestamp));
            }
            else if (_clock.State != ClockState.Unsynchronised)
            {
                // The clock was set while the file's first bytes were on their way to the disk.
                Correct(opened.File, start.Timestamp);
            }
        }
    }

    /// <param name="closed">What became of it.</param>
    /// <param name="path">The file.</param>
    /// <param name="afterSealed">Called when its hash has been taken.</param>
    public void Closed(FileClosed closed, string path, Action? afterSealed = null)
    {
        _journal.Append(closed);
        _sealer.Add(path, closed.File, afterSealed);
    }

    private void Correct()
    {
        _journal.Append(new ClockSynchronised());
        lock (_gate)
        {
            foreach (var (file, timestamp) in _uncertain)
            {
                Correct(file, timestamp);
            }

            _uncertain.Clear();
        }
    }

    private void Correct(string file, long timestamp) =>
        _journal.Append(new StartCorrected(file, _clock.ToLocal(_clock.ToUtc(timestamp))));
}
