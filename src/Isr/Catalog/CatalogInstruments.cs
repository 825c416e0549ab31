using Isr.Catalog.Sections;
using Isr.Instruments;

namespace Isr.Catalog;

/// <summary>How many recordings there are. Counted beforehand: of fifty thousand it takes some milliseconds, for which nobody is to wait.</summary>
internal sealed class CatalogInstruments(CatalogDatabase database, AnalysisIndex analysis, TimeProvider time) : BackgroundService, IInstruments
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private (long Files, long Bytes) _count;
    private int? _seen;

    public IEnumerable<Instrument> All =>
    [
        Instrument.Gauge("isr_recordings_files", "Recordings that are known, as of the last ten seconds.", () => Count().Files),
        Instrument.Gauge("isr_recordings_bytes", "Their bytes.", () => Count().Bytes),
        Instrument.Gauge("isr_analysis_backlog_files", "Recordings that have not been looked through for sections yet, as of the last look.", () => analysis.Left),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private (long Files, long Bytes) Count()
    {
        lock (_gate)
        {
            return _count;
        }
    }

    private void Look()
    {
        var changes = database.FileChanges;
        if (changes != _seen)
        {
            var count = database.CountFiles();
            lock (_gate)
            {
                (_count, _seen) = (count, changes);
            }
        }
    }
}
