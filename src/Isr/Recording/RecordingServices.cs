using Isr.Audio;
using Isr.Codecs;
using Isr.Configuration;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Recording.Live;
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
    LiveMeters Meters,
    LevelFeed Levels,
    StatusFile Status,
    TimeProvider Time,
    ILoggerFactory Loggers,
    LiveTaps? Live = null)
{
    public StreamRecorder CreateStreamRecorder(SourceSettings source, SourceMonitor monitor)
    {
        var (files, cutter) = CreateFiles(source, monitor);
        var recorder = new StreamRecorder(source, files, cutter, monitor, Ledger, Loggers.CreateLogger<StreamRecorder>());
        cutter.DiskFailed += recorder.ForgetRecent;
        return recorder;
    }

    public CardRecorder CreateCardRecorder(SourceSettings source, SourceMonitor monitor)
    {
        var (files, cutter) = CreateFiles(source, monitor);
        return new CardRecorder(source, files, cutter, monitor);
    }

    private (SourceFiles Files, FileCutter Cutter) CreateFiles(SourceSettings source, SourceMonitor monitor)
    {
        var files = new SourceFiles(source, format => CreateMuxer(source, format), Folder, monitor, Disks, Places.For(source), Meters.For(source.Name), Levels, Ledger);
        var tap = Live?.For(source.Name, prefersFlac: source.Format == SourceFormat.Flac);
        return (files, new FileCutter(source, files, monitor, Clock, Ledger, Time, Loggers.CreateLogger<FileCutter>(), tap));
    }

    private static IFileMuxer CreateMuxer(SourceSettings source, AudioFormat format) =>
        format.Codec == AudioCodec.Pcm && source.Format == SourceFormat.Flac ? new FlacEncodingMuxer(format) : StreamFormats.CreateMuxer(format);
}
