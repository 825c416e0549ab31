using Isr.Analysis.Worker;
using Isr.Instruments;

namespace Isr.Analysis;

/// <summary>What the decoding of recordings is at.</summary>
internal sealed class AnalysisInstruments(LevelRequests requests, DecodingWorker worker) : IInstruments
{
    public IEnumerable<Instrument> All { get; } =
    [
        Instrument.Gauge("isr_analysis_active_files", "Recordings that are being decoded for their levels.", () => requests.Load.Active),
        Instrument.Gauge("isr_analysis_waiting_files", "Recordings that somebody or something waits for, and that have not begun.", () => requests.Load.Waiting),
        Instrument.Gauge("isr_analysis_refused_files", "Recordings of which nothing could be decoded in the last ten minutes.", () => requests.Refused),
        Instrument.Gauge("isr_analysis_worker_up", "Whether the decoding process is there; without work it ends after a minute.", () => worker.ProcessId is null ? 0 : 1),
        Instrument.Counter("isr_analysis_worker_starts_total", "Times that it was started.", () => worker.Starts),
        Instrument.Counter("isr_analysis_worker_deaths_total", "Times that it died, or was ended as it hung.", () => worker.Deaths),
    ];
}
