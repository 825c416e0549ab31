using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.Recording;

/// <summary>Enters what happens to files into the journal, and corrects it once the clock is known to be right.</summary>
internal sealed class Ledger
{
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
        if (_clock.State == ClockState.Unsynchronised)
        {
            opened = opened with { Clock = "unsynchronised" };
            lock (_gate)
            {
                _uncertain.Add((opened.File, start.Timestamp));
            }
        }

        _journal.Append(opened);
    }

    public void Closed(FileClosed closed, string path)
    {
        _journal.Append(closed);
        _sealer.Add(path, closed.File);
    }

    private void Correct()
    {
        _journal.Append(new ClockSynchronised());
        (string File, long Timestamp)[] files;
        lock (_gate)
        {
            files = [.. _uncertain];
            _uncertain.Clear();
        }

        foreach (var (file, timestamp) in files)
        {
            _journal.Append(new StartCorrected(file, _clock.ToLocal(_clock.ToUtc(timestamp))));
        }
    }
}
