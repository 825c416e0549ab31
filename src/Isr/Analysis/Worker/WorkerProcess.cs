using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Isr.Analysis.Worker;

/// <summary>
/// One run of the worker: this same program, started as `isr worker`, which decodes what strangers made. It may die at any time; whatever
/// it had not answered then is answered with null.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>A worker that does not end with its input is ended.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private const int KeptErrors = 2000;

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<int, Waiting> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Task _reading;
    private readonly Task _errors;
    private volatile string _lastErrors = "";
    private int _tasks;

    private WorkerProcess(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        _errors = KeepErrorsAsync();
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    /// <summary>It takes no more tasks.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>The end of what it wrote to standard error.</summary>
    public string LastErrors => _lastErrors;

    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static WorkerProcess Start(TimeProvider time)
    {
        return new WorkerProcess(Process.Start(WorkerStart.With())!, time);
    }

    /// <summary>Has it do something. Null when it died before it answered.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any longer; the worker is told.</exception>
    public async Task<WorkerResult?> DoAsync(WorkerMessageKind kind, WorkerRequest request, Action<double>? progress, CancellationToken cancellationToken)
    {
        var task = Interlocked.Increment(ref _tasks);
        var waiting = new Waiting(progress ?? (_ => { }));
        _waiting[task] = waiting;
        try
        {
            if (!await SendAsync(new WorkerMessage(kind, task, request.ToBytes())) || HasEnded)
            {
                return null;
            }

            return await waiting.Answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await SendAsync(new WorkerMessage(WorkerMessageKind.Cancel, task, default));
            throw;
        }
        finally
        {
            _waiting.TryRemove(task, out _);
        }
    }

    public async Task ForgetAsync(string path) =>
        await SendAsync(new WorkerMessage(WorkerMessageKind.Forget, 0, new WorkerRequest(path, 0, default).ToBytes()));

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(s_patience, _time);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            Kill();
        }

        await _reading;
        await _errors;
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task<bool> SendAsync(WorkerMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            var stream = _process.StandardInput.BaseStream;
            await stream.WriteAsync(message.ToBytes());
            await stream.FlushAsync();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        var output = _process.StandardOutput.BaseStream;
        try
        {
            while (await WorkerMessage.ReadAsync(output, CancellationToken.None) is { } message)
            {
                if (!_waiting.TryGetValue(message.Task, out var waiting))
                {
                    continue;
                }

                if (message.Kind == WorkerMessageKind.Progress && message.Content.Length == sizeof(double))
                {
                    waiting.Progress(Math.Clamp(BinaryPrimitives.ReadDoubleLittleEndian(message.Content.Span), 0, 1));
                }
                else if (message.Kind == WorkerMessageKind.Result && WorkerResult.TryRead(message.Content, out var result))
                {
                    waiting.Answer.TrySetResult(result);
                }
                else
                {
                    // It no longer speaks our language.
                    break;
                }
            }
        }
        catch (IOException)
        {
        }

        Kill();
        await _process.WaitForExitAsync();
        foreach (var waiting in _waiting.Values)
        {
            waiting.Answer.TrySetResult(null);
        }
    }

    private async Task KeepErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            var all = _lastErrors + line + "\n";
            _lastErrors = all.Length > KeptErrors ? all[^KeptErrors..] : all;
        }
    }

    private sealed record Waiting(Action<double> Progress)
    {
        public TaskCompletionSource<WorkerResult?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
