namespace Isr.Analysis.Worker;

/// <summary>
/// The worker, whichever process it is at the moment. One that dies is started again; what it was at is tried once more, alone, so that of several
/// files the one shows that killed it.
/// </summary>
internal sealed partial class DecodingWorker(TimeProvider time, ILogger<DecodingWorker> logger) : IAsyncDisposable
{
    /// <summary>Without any news of a task for so long, the worker hangs.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(90);

    /// <summary>A worker that nobody needs gives its memory back.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Many hold it side by side; a suspect holds all of it.</summary>
    private readonly SemaphoreSlim _alone = new(MaxTasks, MaxTasks);
    private readonly SemaphoreSlim _suspects = new(1, 1);
    private const int MaxTasks = 64;

    private WorkerProcess? _process;
    private ITimer? _idling;
    private int _tasks;
    private TimeSpan _delay = s_firstDelay;
    private bool _isDisposed;
    private long _starts;
    private long _deaths;

    /// <summary>The process that works now; null before the first task and after a death.</summary>
    public int? ProcessId => _process is { HasEnded: false } process ? process.Id : null;

    /// <summary>Times that a process was started.</summary>
    public long Starts => Interlocked.Read(ref _starts);

    /// <summary>Times that one died, or was ended as it hung.</summary>
    public long Deaths => Interlocked.Read(ref _deaths);

    /// <summary>What came of it; a sentence, too, when the worker dies of it or cannot be started.</summary>
    /// <exception cref="OperationCanceledException">The token says so.</exception>
    public async Task<WorkerResult> DoAsync(WorkerMessageKind kind, WorkerRequest request, Action<double>? progress, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken);
        WorkerResult? result;
        try
        {
            result = await TryAsync(kind, request, progress, cancellationToken);
        }
        finally
        {
            _alone.Release();
        }

        return result ?? await DoAloneAsync(kind, request, progress, cancellationToken);
    }

    public async Task ForgetAsync(string path)
    {
        if (_process is { HasEnded: false } process)
        {
            await process.ForgetAsync(path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _isDisposed = true;
        _idling?.Dispose();
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }

        _gate.Release();
    }

    private async Task EndIdleAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (Volatile.Read(ref _tasks) == 0 && !_isDisposed && _process is { } process)
            {
                _process = null;
                await process.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<WorkerResult> DoAloneAsync(WorkerMessageKind kind, WorkerRequest request, Action<double>? progress, CancellationToken cancellationToken)
    {
        await _suspects.WaitAsync(cancellationToken);
        var held = 0;
        try
        {
            for (; held < MaxTasks; held++)
            {
                await _alone.WaitAsync(cancellationToken);
            }

            if (await TryAsync(kind, request, progress, cancellationToken) is { } result)
            {
                return result;
            }
        }
        finally
        {
            if (held > 0)
            {
                _alone.Release(held);
            }

            _suspects.Release();
        }

        LogKiller(request.Path);
        return new WorkerResult(default, "The decoder dies of this file: it is damaged in an uncommon way.");
    }

    /// <summary>Null when the worker died of it, or of something else meanwhile.</summary>
    private async Task<WorkerResult?> TryAsync(WorkerMessageKind kind, WorkerRequest request, Action<double>? progress, CancellationToken cancellationToken)
    {
        using var task = new Counted(this);
        WorkerProcess process;
        try
        {
            process = await RunningAsync(cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            LogNotStarted(e.Message);
            return new WorkerResult(default, $"The decoder could not be started: {e.Message}");
        }

        using var silence = time.CreateTimer(_ => Hangs(process, request), null, s_silence, Timeout.InfiniteTimeSpan);
        var result = await process.DoAsync(kind, request, Heard, cancellationToken);
        _delay = result is null ? _delay : s_firstDelay;
        return result;

        void Heard(double part)
        {
            silence.Change(s_silence, Timeout.InfiniteTimeSpan);
            progress?.Invoke(part);
        }
    }

    private async Task<WorkerProcess> RunningAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_process is { HasEnded: true } dead)
            {
                LogDied(dead.Id, dead.LastErrors.Trim());
                Interlocked.Increment(ref _deaths);
                _process = null;
                await dead.DisposeAsync();
                await Task.Delay(_delay, time, cancellationToken);
                _delay = TimeSpan.FromTicks(Math.Min(2 * _delay.Ticks, s_longestDelay.Ticks));
            }

            _idling ??= time.CreateTimer(_ => _ = EndIdleAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_process is null)
            {
                _process = WorkerProcess.Start(time);
                Interlocked.Increment(ref _starts);
            }

            return _process;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Hangs(WorkerProcess process, WorkerRequest request)
    {
        LogHangs(request.Path, s_silence.TotalSeconds);
        process.Kill();
    }

    /// <summary>A task under way; behind the last one the worker begins to idle.</summary>
    private readonly struct Counted : IDisposable
    {
        private readonly DecodingWorker _worker;

        public Counted(DecodingWorker worker)
        {
            _worker = worker;
            Interlocked.Increment(ref worker._tasks);
        }

        public void Dispose()
        {
            if (Interlocked.Decrement(ref _worker._tasks) == 0)
            {
                _worker._idling?.Change(s_idle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The decoding process {Process} ended and is started again; recording is not touched by it. {Errors}")]
    private partial void LogDied(int process, string errors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The decoding process dies of {Path}: it has no levels and no sections")]
    private partial void LogKiller(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The decoding process got nowhere with {Path} for {Seconds} s and is ended")]
    private partial void LogHangs(string path, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The decoding process could not be started: {Reason} Recording goes on; there are no new levels and sections meanwhile")]
    private partial void LogNotStarted(string reason);
}
