using System.Diagnostics;
using Isr.Alarms.Health;
using Isr.Catalog;
using Isr.Recording.Live;
using Isr.Sources;
using Isr.Web.Events;

namespace Isr.Web.Health;

/// <summary>All that is counted, as a text.</summary>
internal sealed class Metrics(ActiveFiles active, CatalogDatabase database, CatalogOptions catalog, LiveTaps taps, LiveEvents events)
{
    private static readonly (SourceState State, string Name)[] s_states =
    [
        (SourceState.Starting, "starting"), (SourceState.Connecting, "connecting"), (SourceState.Recording, "recording"),
        (SourceState.Waiting, "waiting"), (SourceState.Disk, "disk"), (SourceState.Stopped, "stopped"),
    ];

    public string Read()
    {
        var text = new MetricsText();
        text.Begin("isr_build_info", "gauge", "Always 1; the label tells the version.");
        text.Add("isr_build_info", 1, ("version", ProgramVersion.Text));

        var status = active.Read().Status;
        text.Add("isr_recorder_up", "gauge", "Whether a recorder is alive.", status.Pid is null ? 0 : 1);
        AddSources(text, status.Sources ?? []);
        AddJournal(text);
        AddCatalog(text);
        text.Begin("isr_live_listeners", "gauge", "Who listen to a source as it comes.");
        foreach (var tap in taps.All)
        {
            text.Add("isr_live_listeners", tap.Listeners, ("source", tap.Source));
        }

        text.Add("isr_event_listeners", "gauge", "Who are told what happens, as pages are.", events.Listeners);
        AddProcess(text);
        return text.ToString();
    }

    private static void AddSources(MetricsText text, IReadOnlyList<SourceStatus> sources)
    {
        text.Begin("isr_source_state", "gauge", "1 for the state that a source is in.");
        foreach (var source in sources)
        {
            foreach (var (state, name) in s_states)
            {
                text.Add("isr_source_state", source.State == state ? 1 : 0, ("source", source.Name), ("state", name));
            }
        }

        Each("isr_source_audio_bytes_total", "counter", "Bytes of audio since the recorder started.", s => s.Bytes);
        Each("isr_source_skipped_bytes_total", "counter", "Bytes that belonged to no frame.", s => s.SkippedBytes);
        Each("isr_source_retries", "gauge", "Failures in a row; 0 while it records.", s => s.Retries);
        Each("isr_source_overruns_total", "counter", "Times that a soundcard's buffer ran over.", s => s.Overruns);
        Each("isr_source_clipped_samples_total", "counter", "Samples at full scale.", s => s.Clipped);
        Each("isr_source_capture_queue_seconds", "gauge", "A soundcard's audio that was read and waits to be taken.", s => s.CaptureQueue / 1000.0);
        Each("isr_source_disk_queue_bytes", "gauge", "What waits for the disk.", s => s.DiskQueue);
        Each("isr_source_file_bytes", "gauge", "Length of the file being written.", s => s.FileBytes);

        void Each(string name, string type, string help, Func<SourceStatus, double> value)
        {
            text.Begin(name, type, help);
            foreach (var source in sources)
            {
                text.Add(name, value(source), ("source", source.Name));
            }
        }
    }

    /// <summary>From the journal, so over all that it tells of.</summary>
    private void AddJournal(MetricsText text)
    {
        var counts = database.JournalCounts();
        text.Begin("isr_source_gaps", "gauge", "Gaps in the journal.");
        foreach (var source in counts)
        {
            text.Add("isr_source_gaps", source.Gaps, ("source", source.Source));
        }

        text.Begin("isr_source_gap_seconds", "gauge", "Seconds that are missing by these.");
        foreach (var source in counts)
        {
            text.Add("isr_source_gap_seconds", source.GapSeconds, ("source", source.Source));
        }

        text.Begin("isr_source_disconnects", "gauge", "Ends of connections in the journal.");
        foreach (var source in counts)
        {
            text.Add("isr_source_disconnects", source.Disconnects, ("source", source.Source));
        }
    }

    private void AddCatalog(MetricsText text)
    {
        var (files, bytes) = database.CountFiles();
        text.Add("isr_recordings", "gauge", "Recordings that are known.", files);
        text.Add("isr_recordings_bytes", "gauge", "Their bytes.", bytes);
        var space = DiskSpace.Of(catalog.Folder);
        text.Begin("isr_disk_free_bytes", "gauge", "Free on the disk of the recordings folder.");
        if (space.Free is { } free)
        {
            text.Add("isr_disk_free_bytes", free);
        }

        text.Begin("isr_disk_total_bytes", "gauge", "Size of the disk of the recordings folder.");
        if (space.Total is { } total)
        {
            text.Add("isr_disk_total_bytes", total);
        }
    }

    private static void AddProcess(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Add("process_cpu_seconds_total", "counter", "Processor time of this process.", Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Add("process_resident_memory_bytes", "gauge", "Its memory.", process.WorkingSet64);
        text.Add("process_start_time_seconds", "gauge", "When it started, since 1970.", (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        text.Add("process_threads", "gauge", "Its threads.", process.Threads.Count);
        text.Add("dotnet_gc_heap_bytes", "gauge", "What its objects take.", GC.GetTotalMemory(forceFullCollection: false));
    }
}
