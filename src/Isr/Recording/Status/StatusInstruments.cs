using System.Globalization;
using Isr.Instruments;
using Isr.Recording.Disk;
using Isr.Sources;

namespace Isr.Recording.Status;

/// <summary>What status.json tells: of this process's recorder, or of another one's.</summary>
/// <param name="read">Gives the present status.</param>
/// <param name="time">The clock.</param>
internal sealed class StatusInstruments(Func<RecorderStatus> read, TimeProvider time) : IInstruments
{
    /// <summary>One reading is good for all instruments that are read together.</summary>
    private static readonly TimeSpan s_goodFor = TimeSpan.FromMilliseconds(250);

    /// <summary>Silence has no level; this is lower than any that is told.</summary>
    private const double SilenceDecibels = -100;

    private static readonly (SourceState State, string Name)[] s_states =
    [
        (SourceState.Starting, "starting"), (SourceState.Connecting, "connecting"), (SourceState.Recording, "recording"),
        (SourceState.Waiting, "waiting"), (SourceState.Disk, "disk"), (SourceState.Stopped, "stopped"),
    ];

    private readonly Lock _gate = new();
    private RecorderStatus? _last;
    private long _readAt;

    public IEnumerable<Instrument> All =>
    [
        Instrument.Gauge("isr_recorder_up", "Whether a recorder is alive.", () => Status().Pid is null ? 0 : 1),
        Instrument.Gauge("isr_recorder_start_time_seconds", "When the recorder started, since 1970.", into => AddSome(into, Seconds(Status().Started))),
        Instrument.Gauge("isr_clock_synchronised", "Whether the system's clock is known to be right; absent where it cannot be known.", into =>
            AddSome(into, Status().Clock switch { "synchronised" => 1, "unsynchronised" => 0, _ => null })),
        Instrument.Gauge("isr_disk_free_bytes", "Free on the disk of a folder that is recorded to; absent while it cannot be reached.", Disks(disk => disk.Free)),
        Instrument.Gauge("isr_disk_total_bytes", "Size of that disk.", Disks(disk => disk.Total)),
        Instrument.Gauge("isr_disk_reachable", "Whether that disk answers.", Disks(disk => disk.Free is null ? 0 : 1)),
        Instrument.Gauge("isr_disk_full_in_seconds", "Until that disk is full at the rate of the last day, if nothing is deleted.", Disks(disk => disk.FullIn)),
        Instrument.Gauge("isr_alarm_active", "1 for each alarm that goes on; without a source it concerns all.", into =>
        {
            foreach (var alarm in Status().Alarms ?? [])
            {
                into.Add(1, ("kind", alarm.Kind), ("source", alarm.Source ?? ""));
            }
        }),
        Instrument.Gauge("isr_source_state", "1 for the state that a source is in, 0 for the others.", into =>
        {
            foreach (var source in Sources())
            {
                foreach (var (state, name) in s_states)
                {
                    into.Add(source.State == state ? 1 : 0, ("source", source.Name), ("state", name));
                }
            }
        }),
        Instrument.Gauge("isr_source_state_start_time_seconds", "Since when it is in that state, since 1970.", Each(s => Seconds(s.Since))),
        Instrument.Counter("isr_source_audio_bytes_total", "Bytes of audio that came since the recorder started.", Each(s => s.Bytes)),
        Instrument.Counter("isr_source_audio_seconds_total", "Seconds of audio that got into files since then.", Each(s => s.Seconds)),
        Instrument.Counter("isr_source_skipped_bytes_total", "Bytes that belonged to no frame.", Each(s => s.SkippedBytes)),
        Instrument.Counter("isr_source_connections_total", "Times that a source was connected to, or its card opened.", Each(s => s.Counts?.Connections)),
        Instrument.Counter("isr_source_disconnects_total", "Connections that ended, by cause. Of a server that stays away, the first attempt alone.", EachWord("cause", s => s.Counts?.Disconnects)),
        Instrument.Gauge("isr_source_retries", "Failures in a row; 0 while it records.", Each(s => s.Retries)),
        Instrument.Counter("isr_source_gaps_total", "Gaps that ended since the recorder started.", Each(s => s.Counts?.Gaps)),
        Instrument.Counter("isr_source_missing_seconds_total", "Seconds that are missing by these.", Each(s => s.Counts?.MissingSeconds)),
        Instrument.Counter("isr_source_gaps_by_cause_total", "The same gaps by cause.", into => AddGaps(into, gap => gap.Count)),
        Instrument.Counter("isr_source_missing_by_cause_seconds_total", "Seconds that are missing by cause.", into => AddGaps(into, gap => gap.Seconds)),
        Instrument.Counter("isr_source_healed_total", "Reconnects that lost nothing.", Each(s => s.Counts?.Healed)),
        Instrument.Counter("isr_source_stalls_total", "Times that a source stood still.", Each(s => s.Counts?.Stalls)),
        Instrument.Counter("isr_source_stalled_seconds_total", "For how long.", Each(s => s.Counts?.StalledSeconds)),
        Instrument.Counter("isr_source_files_opened_total", "Files that were begun.", Each(s => s.Counts?.FilesOpened)),
        Instrument.Counter("isr_source_files_closed_total", "Files that were finished, by why they ended.", EachWord("how", s => s.Counts?.FilesClosed)),
        Instrument.Gauge("isr_source_file_bytes", "Length of the file being written.", Each(s => s.FileBytes)),
        Instrument.Gauge("isr_source_disk_queue_bytes", "What of it waits for the disk.", Each(s => s.DiskQueue)),
        Instrument.Gauge("isr_source_capture_queue_seconds", "A soundcard's audio that was read and waits to be taken.", Cards(s => s.CaptureQueue / 1000.0)),
        Instrument.Counter("isr_source_overruns_total", "Times that a soundcard's buffer ran over (xruns).", Cards(s => s.Overruns)),
        Instrument.Gauge("isr_source_drift_ratio", "How much faster than this computer's clock a soundcard counts: 0.00001 is 10 ppm.", Cards(s => s.DriftPpm * 1e-6)),
        Instrument.Counter("isr_source_clipped_samples_total", "Samples of a soundcard at full scale.", Cards(s => s.Clipped)),
        Instrument.Gauge("isr_source_rms_dbfs", "RMS of the last 1.6 s, of the mean of all channels; -100 is silence, absent while it is not known.", into =>
        {
            foreach (var source in Sources())
            {
                if (source.Loudness is { } loudness)
                {
                    into.Add(loudness.Rms ?? SilenceDecibels, ("source", source.Name));
                }
            }
        }),
        Instrument.Gauge("isr_source_peak_dbfs", "Each channel's largest sample in the same time.", into =>
        {
            foreach (var source in Sources())
            {
                for (var i = 0; i < source.Loudness?.Peak.Count; i++)
                {
                    into.Add(source.Loudness.Peak[i] ?? SilenceDecibels, ("source", source.Name), ("channel", (i + 1).ToString(CultureInfo.InvariantCulture)));
                }
            }
        }),
    ];

    private RecorderStatus Status()
    {
        lock (_gate)
        {
            if (_last is null || time.GetElapsedTime(_readAt) > s_goodFor)
            {
                (_last, _readAt) = (read(), time.GetTimestamp());
            }

            return _last;
        }
    }

    private IReadOnlyList<SourceStatus> Sources() => Status().Sources ?? [];

    private static double? Seconds(DateTimeOffset? moment) => (moment - DateTimeOffset.UnixEpoch)?.TotalSeconds;

    private static void AddSome(IMeasurements into, double? value)
    {
        if (value is { } known)
        {
            into.Add(known);
        }
    }

    private Action<IMeasurements> Disks(Func<DiskState, double?> value) => into =>
    {
        foreach (var disk in Status().Disks ?? [])
        {
            if (value(disk) is { } known)
            {
                into.Add(known, ("folder", disk.Folder));
            }
        }
    };

    private Action<IMeasurements> Each(Func<SourceStatus, double?> value) => into =>
    {
        foreach (var source in Sources())
        {
            if (value(source) is { } known)
            {
                into.Add(known, ("source", source.Name));
            }
        }
    };

    private Action<IMeasurements> Cards(Func<SourceStatus, double?> value) => Each(s => s.Type == "soundcard" ? value(s) : null);

    private Action<IMeasurements> EachWord(string label, Func<SourceStatus, IReadOnlyDictionary<string, long>?> counts) => into =>
    {
        foreach (var source in Sources())
        {
            foreach (var (word, count) in counts(source) ?? EmptyCounts)
            {
                into.Add(count, ("source", source.Name), (label, word));
            }
        }
    };

    private static IReadOnlyDictionary<string, long> EmptyCounts { get; } = new Dictionary<string, long>(StringComparer.Ordinal);

    private void AddGaps(IMeasurements into, Func<GapCount, double> value)
    {
        foreach (var source in Sources())
        {
            if (source.Counts?.GapsByCause is { } gaps)
            {
                foreach (var (cause, gap) in gaps)
                {
                    into.Add(value(gap), ("source", source.Name), ("cause", cause));
                }
            }
        }
    }
}
