using Isr.Configuration;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>What all sources' recordings share.</summary>
internal sealed record RecordingServices(
    WallClock Clock,
    RecordingFolder Folder,
    DiskWriters Disks,
    RecordingPlaces Places,
    JournalWriter Journal,
    FileSealer Sealer,
    Ledger Ledger,
    StatusFile Status,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    public SourceRecorder CreateRecorder(SourceSettings source, SourceMonitor monitor) => new(
        source,
        new SourceFiles(source, Folder, monitor, Disks, Places.For(source), Ledger),
        monitor,
        Clock,
        Ledger,
        Time,
        Loggers.CreateLogger<SourceRecorder>());
}
