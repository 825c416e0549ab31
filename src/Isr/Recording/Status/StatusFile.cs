using System.Text.Json;
using Isr.Recording.Disk;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording.Status;

/// <summary>
/// Keeps status.json in the recordings folder: replaced atomically soon after every change, and often enough
/// besides that a reader can tell a recorder that lives from one that died.
/// </summary>
internal sealed partial class StatusFile(
    RecordingFolder folder,
    WallClock clock,
    TimeProvider time,
    ILogger<StatusFile> logger,
    RecordingTally? tally = null,
    LiveMeters? meters = null,
    DiskWatch? disks = null) : IDisposable
{
    /// <summary>Meters remember a second and a half.</summary>
    private static readonly TimeSpan s_listen = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly List<SourceMonitor> _monitors = [];
    private volatile IReadOnlyList<ActiveAlarm> _alarms = [];
    private readonly DateTimeOffset _started = time.GetLocalNow();
    private readonly Loudnesses _loudnesses = new(time);
    private long? _listened;
    private bool _fails;

    /// <summary>What every source does now; complete once the recorder has started.</summary>
    public IReadOnlyList<SourceStatus> Sources => _monitors.ConvertAll(monitor => monitor.Current);

    /// <summary>What is not as it should be; a change is written soon.</summary>
    public IReadOnlyList<ActiveAlarm> Alarms
    {
        get => _alarms;
        set
        {
            _alarms = value;
            Release();
        }
    }

    /// <summary>Adds a source to the status; all are added before <see cref="RunAsync"/>.</summary>
    public void Add(SourceMonitor monitor)
    {
        _monitors.Add(monitor);
        monitor.Changed += Release;
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

    private void Release()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // A write is due already; it will see this change too.
        }
    }

    /// <summary>What status.json says when it is written next.</summary>
    public RecorderStatus Current()
    {
        var sources = _monitors.ConvertAll(monitor =>
        {
            var status = monitor.Current with { Loudness = _loudnesses.Of(monitor.Name) };
            return tally?.Fill(status) ?? status;
        });
        return new RecorderStatus
        {
            Active = [.. sources.Select(s => s.File).OfType<string>()],
            Updated = time.GetLocalNow(),
            Started = _started,
            Pid = Environment.ProcessId,
            Version = ProgramVersion.Text,
            Zone = clock.Zone.Id,
            Clock = clock.State.ToString().ToLowerInvariant(),
            Disks = disks?.Read(),
            Sources = sources,
            Alarms = _alarms,
        };
    }

    public void Write()
    {
        if (meters is not null && (_listened is not { } at || time.GetElapsedTime(at) >= s_listen))
        {
            _listened = time.GetTimestamp();
            _loudnesses.Listen(meters);
        }

        var status = Current();
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
