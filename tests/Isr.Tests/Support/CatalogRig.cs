using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Naming;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Support;

/// <summary>The catalog over a folder, put together as the program does.</summary>
internal sealed class CatalogRig : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;
    private CatalogService? _service;

    /// <param name="folder">The recordings folder.</param>
    /// <param name="stateDirectory">Where the journal is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isKept">The database is a file in the state directory.</param>
    public CatalogRig(string folder, string stateDirectory, TimeProvider time, bool isKept = false)
    {
        Options = new CatalogOptions(folder, stateDirectory, [FileNamePattern.Default]) { OwnsState = isKept };
        _loggers = Log.CreateFactory();
        Database = new CatalogDatabase(
            isKept ? Options.DatabasePath : null, isKept ? null : Options.DatabasePath, _loggers.CreateLogger<CatalogDatabase>());
        Journal = new JournalIndex(stateDirectory, Database);
        var active = new ActiveFiles(folder, time);
        Updater = new CatalogUpdater(Options, Database, Journal, active, time, _loggers.CreateLogger<CatalogUpdater>());
        Catalog = new RecordingCatalog(Options, Database, Updater, time);
        Coverage = new CoverageReporter(Options, Database, active, time);
        Time = time;
    }

    public CatalogOptions Options { get; }

    public CatalogDatabase Database { get; }

    public JournalIndex Journal { get; }

    public CatalogUpdater Updater { get; }

    public RecordingCatalog Catalog { get; }

    public CoverageReporter Coverage { get; }

    public LogLines Log { get; } = new();

    private TimeProvider Time { get; }

    /// <summary>What is listed of what is in the folder now.</summary>
    public async Task<IReadOnlyList<RecordingItem>> ListAsync(FileFilter filter = default)
    {
        Updater.Update(TestContext.Current.CancellationToken);
        return (await Catalog.ListAsync(filter, TestContext.Current.CancellationToken)).Items;
    }

    /// <summary>What is listed by itself.</summary>
    public async Task<IReadOnlyList<RecordingItem>> ListedAsync() => (await Catalog.ListAsync(default, TestContext.Current.CancellationToken)).Items;

    /// <summary>Follows folder and journal from now on, as while the program runs.</summary>
    public async Task StartAsync()
    {
        _service = new CatalogService(Options, Database, Updater, Time, _loggers.CreateLogger<CatalogService>());
        await _service.StartAsync(TestContext.Current.CancellationToken);
        await Updater.Filled.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.StopAsync(CancellationToken.None);
            _service.Dispose();
        }

        Database.Dispose();
        _loggers.Dispose();
    }
}
