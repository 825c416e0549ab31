using Isr.Instruments;
using Isr.Recording.Disk;
using Isr.Recording.Journal;

namespace Isr.Recording.Status;

/// <summary>What the recorder's own parts wait for.</summary>
internal sealed class RecordingInstruments(DiskWriters disks, JournalWriter journal, FileSealer sealer, LevelFeed levels) : IInstruments
{
    public IEnumerable<Instrument> All { get; } =
    [
        Instrument.Gauge("isr_disk_buffer_bytes", "Memory that audio takes which no disk has taken yet.", () => disks.Budget.Taken),
        Instrument.Gauge("isr_disk_buffer_limit_bytes", "How much of that there may be.", () => disks.Budget.Limit),
        Instrument.Gauge("isr_journal_waiting_entries", "Entries of the journal that wait to be written.", () => journal.Waiting),
        Instrument.Gauge("isr_hash_waiting_files", "Finished files whose hash has not been taken yet.", () => sealer.Waiting),
        Instrument.Gauge("isr_level_feed_waiting_files", "News of files that the analysis has not taken yet.", () => levels.Waiting),
        Instrument.Counter("isr_level_feed_dropped_total", "News that it lost, as they came too fast: those levels are computed when they are wanted.", () => levels.Dropped),
    ];

    public IEnumerable<DurationHistogram> Histograms { get; } = [disks.Syncs, journal.Syncs];
}
