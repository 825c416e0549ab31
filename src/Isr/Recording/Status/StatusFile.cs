using System.Text.Json;
using Isr.Recording.Disk;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording.Status;

/// <summary>
/// Keeps status.json in the recordings folder: replaced atomically soon after every change, and often enough
/// besides that a reader can tell a recorder that lives from one that died.
/// </summary>
internal sealed partial class StatusFile(RecordingFolder folder, WallClock clock, TimeProvider time, ILogger<StatusFile> logger) : IDisposable
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly List<SourceMonitor> _monitors = [];
    private bool _fails;

    /// <summary>What each source is doing now.</summary>
    public IReadOnlyList<SourceStatus> Sources => _monitors.ConvertAll(monitor => monitor.Current);

    /// <summary>Adds a source to the status; all are added before <see cref="RunAsync"/>.</summary>
    public void Add(SourceMonitor monitor)
    {
        _monitors.Add(monitor);
        monitor.Changed += () =>
        {
            try
            {
                _changed.Release();
            }
            catch (SemaphoreFullException)
            {
                // A write is due already; it will see this change too.
            }
        };
    }

    public void Dispose() => _changed.Dispose();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Write();
                await _changed.WaitAsync(s_refresh, cancellationToken);
                await Task.Delay(s_gather, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    public void Write()
    {
        var sources = Sources;
        var status = new RecorderStatus
        {
            Active = [.. sources.Select(s => s.File).OfType<string>()],
            Updated = time.GetLocalNow(),
            Pid = Environment.ProcessId,
            Version = ProgramVersion.Text,
            Zone = clock.Zone.Id,
            Clock = clock.State.ToString().ToLowerInvariant(),
            Sources = sources,
        };

        try
        {
            Directory.CreateDirectory(folder.Path);
            var path = Path.Combine(folder.Path, RecorderStatus.FileName);
            var temporary = Path.Combine(folder.Path, ".status.json.new");
            FreshFile.Replace(path, temporary, JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.RecorderStatus));
            _fails = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_fails)
            {
                _fails = true;
                LogFails(folder.Path, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "status.json in {Folder} cannot be written: {Reason}")]
    private partial void LogFails(string folder, string reason);
}
