using System.ComponentModel;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>
/// Decodes pieces of recordings for whoever wants to hear them, in other processes: what strangers sent may kill a decoder, and costs one answer then.
/// One process is kept for a while, so that the next piece takes milliseconds.
/// </summary>
internal sealed partial class SampleWorkers(TimeProvider time, ILogger<SampleWorkers> logger) : IAsyncDisposable
{
    /// <summary>Without any sign of life for so long, a process hangs.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);

    /// <summary>A process that nobody needs gives its memory back.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly Lock _gate = new();
    private readonly HashSet<SampleProcess> _working = [];
    private SampleProcess? _idle;
    private ITimer? _idling;
    private Task _ending = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>The process that waits for work; null when there is none.</summary>
    public int? IdleProcessId
    {
        get
        {
            lock (_gate)
            {
                return _idle is { HasEnded: false } idle ? idle.Id : null;
            }
        }
    }

    /// <summary>Those that are at work.</summary>
    public IReadOnlyList<int> WorkingProcessIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _working.Select(process => process.Id)];
            }
        }
    }

    /// <summary>
    /// Decodes a piece. Null when samples came, perhaps fewer than were wanted; else a sentence, and what came is of no use. As many are decoded at a
    /// time as there are cores; others wait.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token says so.</exception>
    public async Task<string?> DecodeAsync(SampleRequest request, ReadOnlyMemory<byte> piece, IPcmSink sink, CancellationToken cancellationToken)
    {
        if (piece.Length > SampleRequest.MaxPieceBytes)
        {
            return $"This part of the file is larger than {SampleRequest.MaxPieceBytes >> 20} MB, which is not decoded at once.";
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            var (process, isFresh) = Take();
            var outcome = await RunAsync(process, request, piece, sink, cancellationToken);
            if (outcome is { IsAlive: false, HasBegun: false } && !isFresh)
            {
                // It may have died while it waited, of whatever; a fresh one shows whether the piece is to blame.
                (process, _) = (Begin(), true);
                outcome = await RunAsync(process, request, piece, sink, cancellationToken);
            }

            return outcome.IsAlive ? outcome.Sentence : "The decoder died of this part of the file, or was ended.";
        }
        catch (Win32Exception e)
        {
            LogNotStarted(e.Message);
            return $"The decoder could not be started: {e.Message}";
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Has a process ready, as somebody will want to hear something soon.</summary>
    public void Warm()
    {
        lock (_gate)
        {
            if (_isDisposed || _idle is { HasEnded: false } || _working.Count > 0)
            {
                return;
            }
        }

        // Forking takes longer than a request should wait.
        _ = Task.Run(() =>
        {
            try
            {
                Return(Begin());
            }
            catch (Exception e) when (e is Win32Exception or ObjectDisposedException)
            {
                LogNotStarted(e.Message);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        List<SampleProcess> all;
        lock (_gate)
        {
            _isDisposed = true;
            all = [.. _working, .. _idle is { } idle ? [idle] : Array.Empty<SampleProcess>()];
            _idle = null;
            _working.Clear();
            _idling?.Dispose();
        }

        foreach (var process in all)
        {
            await process.DisposeAsync();
        }

        await _ending;
    }

    private async Task<SampleOutcome> RunAsync(SampleProcess process, SampleRequest request, ReadOnlyMemory<byte> piece, IPcmSink sink, CancellationToken cancellationToken)
    {
        var outcome = default(SampleOutcome);
        using var silence = time.CreateTimer(_ => Hangs(process), null, s_silence, Timeout.InfiniteTimeSpan);
        try
        {
            outcome = await process.DecodeAsync(request, piece, sink, () => silence.Change(s_silence, Timeout.InfiniteTimeSpan), cancellationToken);
            return outcome;
        }
        finally
        {
            if (outcome.IsAlive)
            {
                Return(process);
            }
            else
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    LogDied(process.Id, process.LastErrors.Trim());
                }

                End(process);
                Warm();
            }
        }
    }

    private (SampleProcess Process, bool IsFresh) Take()
    {
        SampleProcess? dead = null;
        try
        {
            lock (_gate)
            {
                if (_idle is { } idle)
                {
                    _idle = null;
                    if (!idle.HasEnded)
                    {
                        _working.Add(idle);
                        return (idle, false);
                    }

                    dead = idle;
                }
            }

            return (Begin(), true);
        }
        finally
        {
            if (dead is not null)
            {
                LogDied(dead.Id, dead.LastErrors.Trim());
                End(dead);
            }
        }
    }

    private SampleProcess Begin()
    {
        var process = SampleProcess.Start();
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _working.Add(process);
                return process;
            }
        }

        End(process);
        throw new ObjectDisposedException(nameof(SampleWorkers));
    }

    /// <summary>It is kept, if it is the only one.</summary>
    private void Return(SampleProcess process)
    {
        lock (_gate)
        {
            if (!_isDisposed && _idle is not { HasEnded: false })
            {
                _working.Remove(process);
                (_idle, process) = (process, _idle!);
                _idling ??= time.CreateTimer(_ => EndIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _idling.Change(s_idle, Timeout.InfiniteTimeSpan);
            }
        }

        if (process is not null)
        {
            End(process);
        }
    }

    private void EndIdle()
    {
        SampleProcess? idle;
        lock (_gate)
        {
            (idle, _idle) = (_idle, null);
        }

        if (idle is not null)
        {
            End(idle);
        }
    }

    /// <summary>Nobody waits for its end but whoever ends all.</summary>
    private void End(SampleProcess process)
    {
        lock (_gate)
        {
            _working.Remove(process);
            _ending = Task.WhenAll(_ending, process.DisposeAsync().AsTask());
        }
    }

    private void Hangs(SampleProcess process)
    {
        LogHangs(process.Id, s_silence.TotalSeconds);
        process.Kill();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process {Process}, which decodes what is listened to, ended; the next one is asked for. Recording is not touched by it. {Errors}")]
    private partial void LogDied(int process, string errors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process {Process}, which decodes what is listened to, got nowhere for {Seconds} s and is ended")]
    private partial void LogHangs(int process, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "A process that decodes what is listened to could not be started: {Reason} Recording goes on; only the answer that needed it has failed")]
    private partial void LogNotStarted(string reason);
}
