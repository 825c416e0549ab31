using Isr.Audio;
using Isr.Configuration;
using Isr.Interop;
using Isr.Sources.Alsa.Devices;

namespace Isr.Sources.Alsa;

/// <summary>
/// A soundcard: finds the device that is meant, opens it and hands over what its <see cref="CaptureThread"/> reads. A
/// connection lasts until samples are missing; after an overrun the next begins at once, on the device that is open.
/// </summary>
/// <param name="settings">Of the source.</param>
/// <param name="choose">From the configured <c>device</c> to a PCM; may take a moment.</param>
/// <param name="monitor">Told of overruns, the queue and the device.</param>
/// <param name="time">Its timestamps are the system's monotonic clock.</param>
/// <param name="logger">For what is recorded otherwise than it was configured.</param>
internal sealed partial class AlsaSource(
    SourceSettings settings,
    Func<string, DeviceChoice> choose,
    SourceMonitor monitor,
    TimeProvider time,
    ILogger<AlsaSource> logger) : IAudioSource
{
    /// <summary>How long a native call may take that is not supposed to wait, until the source gives up on it.</summary>
    private static readonly TimeSpan s_nativeLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_openLimit = TimeSpan.FromSeconds(10);

    private Task _native = Task.CompletedTask;
    private byte[] _packed = [];
    private string? _lastNotes;
    private bool _isConnected;

    /// <summary>How long a device may give nothing.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much audio may wait for the recording side.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<ConnectionEnd> RunAsync(IAudioSink sink, CancellationToken cancellationToken)
    {
        if (!NativeLibraries.HasAlsa)
        {
            return new ConnectionEnd(EndCause.Unreachable, NativeLibraries.AlsaSentence);
        }

        if (settings.Format == SourceFormat.Flac && !NativeLibraries.HasFlac)
        {
            return new ConnectionEnd(EndCause.Unsupported, NativeLibraries.FlacSentence);
        }

        // One that hangs for ever keeps a thread, and must not be given another one with every attempt.
        if (!_native.IsCompleted)
        {
            return new ConnectionEnd(EndCause.Unreachable, $"{settings.Device} does not answer: its driver or sound server hangs");
        }

        var opening = Task.Factory.StartNew(Open, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _native = opening;
        try
        {
            await opening.WaitAsync(s_openLimit, time, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            _native = opening.ContinueWith(static task => task.Result.Pcm?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            return e is TimeoutException
                ? new ConnectionEnd(EndCause.Unreachable, $"{settings.Device} did not answer within {s_openLimit.TotalSeconds:0} s: its driver or sound server hangs")
                : ConnectionEnd.Stopped;
        }

        var (pcm, end) = await opening;
        return pcm is null ? end : await CaptureAsync(pcm, sink, cancellationToken);
    }

    private (AlsaPcm? Pcm, ConnectionEnd End) Open()
    {
        var choice = choose(settings.Device);
        return choice.IsFound ? AlsaPcm.Open(choice.Pcm, choice.Name, settings) : (null, new ConnectionEnd(EndCause.Unreachable, choice.Sentence));
    }

    private async Task<ConnectionEnd> CaptureAsync(AlsaPcm pcm, IAudioSink sink, CancellationToken cancellationToken)
    {
        var parameters = pcm.Parameters;
        TellNotes(parameters);
        monitor.Update(s => s with { Device = parameters.Pcm });
        var facts = new StreamFacts { Url = $"alsa:{parameters.Pcm}", Name = parameters.Name };
        _isConnected = false;

        var thread = new CaptureThread(pcm, settings.Name, time, QueueLimit);
        _native = thread.Ended;
        ConnectionEnd? end;
        ConnectionEnd? own;
        try
        {
            end = await TakeAsync(thread, parameters, facts, sink, cancellationToken);
        }
        finally
        {
            own = await JoinAsync(thread, parameters);
        }

        // What was read by then is recorded, too.
        end ??= (own is null ? null : TakeAll(thread, parameters, facts, sink)) ?? own ?? ConnectionEnd.Stopped;
        monitor.SetCaptureQueue(0);
        return end.Value;
    }

    /// <summary>Ends the thread: why it ended, or null where a native call keeps it.</summary>
    private async Task<ConnectionEnd?> JoinAsync(CaptureThread thread, AlsaParameters parameters)
    {
        thread.Stop();
        try
        {
            return await thread.Ended.WaitAsync(s_nativeLimit, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            LogHangs(settings.Name, parameters.Pcm);
            return null;
        }
    }

    /// <summary>Until the thread has ended or is to end: why, where that is not the thread's to say.</summary>
    private async Task<ConnectionEnd?> TakeAsync(
        CaptureThread thread, AlsaParameters parameters, StreamFacts facts, IAudioSink sink, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Only while nothing waits: taking what there is may last longer than any silence.
                var more = thread.Blocks.WaitToReadAsync(cancellationToken);
                if (!(more.IsCompleted ? await more : await more.AsTask().WaitAsync(SilenceLimit, time, cancellationToken)))
                {
                    return null;
                }

                if (TakeAll(thread, parameters, facts, sink) is { } end)
                {
                    return end;
                }
            }
        }
        catch (TimeoutException)
        {
            return new ConnectionEnd(EndCause.Silence, $"nothing came from {parameters.Pcm} for {SilenceLimit.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Gives everything that waits to the sink; its answer, where it ends the connection.</summary>
    private ConnectionEnd? TakeAll(CaptureThread thread, AlsaParameters parameters, StreamFacts facts, IAudioSink sink)
    {
        ConnectionEnd? end = null;
        while (end is null && thread.Blocks.TryRead(out var block))
        {
            if (block.Interruption != Interruption.None && _isConnected)
            {
                sink.Disconnected(TellInterruption(block.Interruption, parameters));
                _isConnected = false;
            }
            else if (block.Dropped > 0)
            {
                LogDropped(settings.Name, block.Dropped, (double)block.Dropped / parameters.SampleRate);
            }

            if (!_isConnected)
            {
                // Not before there is audio: a card that opens and gives none is no news.
                _isConnected = true;
                sink.Connected(facts);
            }

            sink.Frame(new AudioFrame(Pack(block, parameters), block.Moments, parameters.Format, block.Dropped > 0 ? block.Dropped : null));
            end = sink.Arrived(block.Timestamp);
            thread.Return(block);
            monitor.SetCaptureQueue(thread.QueuedMilliseconds);
        }

        return end;
    }

    private ReadOnlySpan<byte> Pack(in CaptureBlock block, AlsaParameters parameters)
    {
        var conversion = parameters.Conversion;
        var device = block.Bytes.AsSpan(0, block.Moments * conversion.DeviceBytes);
        if (conversion.IsCopy)
        {
            return device;
        }

        var length = block.Moments * conversion.PackedBytes;
        if (_packed.Length < length)
        {
            _packed = new byte[length];
        }

        conversion.Convert(device, _packed);
        return _packed.AsSpan(0, length);
    }

    private ConnectionEnd TellInterruption(Interruption interruption, AlsaParameters parameters)
    {
        if (interruption == Interruption.Suspended)
        {
            return Told(new ConnectionEnd(EndCause.Broken, $"{parameters.Pcm} was suspended"));
        }

        monitor.CountOverrun();
        return Told(new ConnectionEnd(
            EndCause.Overrun,
            $"{parameters.Pcm} was not read in time: its buffer of {(double)parameters.BufferMoments / parameters.SampleRate:0.0##} s ran over"));

        ConnectionEnd Told(ConnectionEnd end)
        {
            LogInterrupted(settings.Name, end.Sentence);
            return end;
        }
    }

    /// <summary>Once, not at every attempt.</summary>
    private void TellNotes(AlsaParameters parameters)
    {
        var notes = string.Join("; ", parameters.Notes);
        if (notes.Length > 0 && notes != _lastNotes)
        {
            LogNote(settings.Name, notes);
        }

        _lastNotes = notes;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] {Note}")]
    private partial void LogNote(string source, string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] {Sentence}; it goes on")]
    private partial void LogInterrupted(string source, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Source}] {Samples} samples ({Seconds:0.000} s) were captured and dropped: they were not taken in time")]
    private partial void LogDropped(string source, long samples, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] {Pcm} does not end: its driver or sound server hangs")]
    private partial void LogHangs(string source, string pcm);
}
