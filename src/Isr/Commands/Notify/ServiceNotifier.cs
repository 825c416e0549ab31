using Isr.Recording;
using Isr.Sources;

namespace Isr.Commands.Notify;

/// <summary>
/// Tells the service manager how isr is, where one asks: READY=1 when all has started, a STATUS= line for `systemctl status`,
/// WATCHDOG=1 for as long as the recorder's heart beats, STOPPING=1. A process that hangs as a whole sends nothing, too.
/// </summary>
/// <param name="options">What is asked for.</param>
/// <param name="heart">Null where nothing is recorded: the page alone is alive while it says so.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The diary.</param>
internal sealed partial class ServiceNotifier(NotifyOptions options, RecorderHeart? heart, TimeProvider time, ILogger<ServiceNotifier> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan s_statusPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_shortestPeriod = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private NotifySocket? _socket;
    private Task _running = Task.CompletedTask;
    private string _said = "";
    private string? _trouble;
    private bool _fails;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Socket is { } name)
        {
            _socket = NotifySocket.TryOpen(name, out var sentence);
            if (_socket is null)
            {
                LogNobodyListens(sentence);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After every other service: the sources are begun and the page answers.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null)
        {
            _running = Task.Run(() => RunAsync(_socket), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    /// <summary>Registered last, it is asked first.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running;
        if (_socket is not null)
        {
            Send(_socket, "STOPPING=1\nSTATUS=Finishing the files");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _socket?.Dispose();
    }

    private async Task RunAsync(NotifySocket socket)
    {
        // Twice as often as asked for, as sd_watchdog_enabled(3) has it: one may be late.
        var period = options.Watchdog is { } watchdog && watchdog / 2 < s_statusPeriod
            ? TimeSpan.FromTicks(Math.Max((watchdog / 2).Ticks, s_shortestPeriod.Ticks))
            : s_statusPeriod;
        using var timer = new PeriodicTimer(period, time);
        var isReady = false;
        try
        {
            do
            {
                isReady = Tell(socket, isReady);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private bool Tell(NotifySocket socket, bool isReady)
    {
        var report = heart?.Look();
        if (report?.Trouble is { } trouble && _trouble is null && options.Watchdog is not null)
        {
            LogHeartStands(trouble);
        }

        _trouble = report?.Trouble;
        var lines = new List<string>();
        if (!isReady)
        {
            lines.Add("READY=1");
        }

        var status = "STATUS=" + StatusOf(report);
        if (!isReady || status != _said)
        {
            lines.Add(status);
        }

        if (options.Watchdog is not null && report?.Trouble is null)
        {
            lines.Add("WATCHDOG=1");
        }

        if (lines.Count > 0 && Send(socket, string.Join('\n', lines)))
        {
            (_said, isReady) = (status, true);
        }

        return isReady;
    }

    /// <summary>One line, without names: what a server calls itself has no place in a protocol of lines.</summary>
    private static string StatusOf(HeartReport? report)
    {
        if (report is null)
        {
            return "Serving the page";
        }

        if (report.Trouble is { } trouble)
        {
            return trouble;
        }

        var recording = report.Sources.Count(s => s.State == SourceState.Recording);
        var disk = report.Sources.Count(s => s.State == SourceState.Disk);
        return $"Recording {recording} of {report.Sources.Count} {(report.Sources.Count == 1 ? "source" : "sources")}"
            + (disk > 0 ? $"; the disk does not take the audio of {disk}" : "");
    }

    private bool Send(NotifySocket socket, string message)
    {
        var reason = socket.Send(message);
        if (reason is not null && !_fails)
        {
            LogSendFails(reason);
        }

        _fails = reason is not null;
        return !_fails;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogNobodyListens(string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service manager (NOTIFY_SOCKET) cannot be told how isr is: {Reason}")]
    private partial void LogSendFails(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Trouble} The service manager is told nothing more until that is over, and will restart isr.")]
    private partial void LogHeartStands(string trouble);
}
