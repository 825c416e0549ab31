using System.Collections.Concurrent;
using System.Threading.Channels;
using Isr.Sources.Alsa.Interop;

namespace Isr.Sources.Alsa;

/// <summary>
/// A device's own thread, which does nothing but wait for it and read. What it reads waits in a queue, which never holds the
/// device up: what finds no room there is dropped and counted. The thread owns the device and closes it at its end.
/// </summary>
internal sealed class CaptureThread
{
    /// <summary>How long a wait lasts at most, so that a stop is seen soon.</summary>
    private const int WaitMilliseconds = 200;

    private const int MostSpare = 16;

    private const int MostBlockBytes = 4 << 20;

    /// <summary>Audio that is ahead of the clock by so much, and faster than it by so much, comes from no soundcard.</summary>
    private const double MostAheadSeconds = 2;
    private const double MostSpeed = 1.02;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(50);

    private readonly AlsaPcm _pcm;
    private readonly SafePcmHandle _handle;
    private readonly TimeProvider _time;
    private readonly int _rate;
    private readonly int _blockMoments;
    private readonly long _mostQueued;
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ConnectionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Bounded by the moments in it, for blocks are of any length.
    private readonly Channel<CaptureBlock> _blocks = Channel.CreateUnbounded<CaptureBlock>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly ConcurrentQueue<byte[]> _spare = new();
    private long _queued;
    private byte[]? _buffer;
    private Interruption _interruption;
    private long _dropped;
    private long _read;
    private long _began;
    private long _lastStamp;

    /// <param name="pcm">Belongs to the thread from now on.</param>
    /// <param name="source">The source's name, for the thread's.</param>
    /// <param name="time">Whose timestamps are the system's monotonic clock, as the device's are.</param>
    /// <param name="queueLimit">How much audio may wait to be taken.</param>
    public CaptureThread(AlsaPcm pcm, string source, TimeProvider time, TimeSpan queueLimit)
    {
        (_pcm, _handle, _time) = (pcm, pcm.Handle, time);
        _rate = pcm.Parameters.SampleRate;
        _blockMoments = Math.Clamp(MostBlockBytes / pcm.Parameters.Conversion.DeviceBytes, 1, _rate / 4);
        _mostQueued = (long)(queueLimit.TotalSeconds * _rate);
        new Thread(Run) { IsBackground = true, Name = $"capture {source}" }.Start();
    }

    /// <summary>What was captured; ends with the thread.</summary>
    public ChannelReader<CaptureBlock> Blocks => _blocks.Reader;

    /// <summary>Why the thread ended, once it has and the device is closed.</summary>
    public Task<ConnectionEnd> Ended => _ended.Task;

    /// <summary>How much audio waits to be taken.</summary>
    public int QueuedMilliseconds => (int)(Interlocked.Read(ref _queued) * 1000 / _rate);

    private double Elapsed => _time.GetElapsedTime(_began).TotalSeconds;

    private bool IsTooFast => (double)(_read - _pcm.Parameters.BufferMoments) / _rate > (Elapsed * MostSpeed) + MostAheadSeconds;

    /// <summary>Has the thread end soon; what the device has by then is still given out.</summary>
    public void Stop() => _stopping.TrySetResult();

    /// <summary>Gives a block back once it is no longer looked at.</summary>
    public void Return(in CaptureBlock block)
    {
        Interlocked.Add(ref _queued, -block.Moments);
        if (_spare.Count < MostSpare)
        {
            _spare.Enqueue(block.Bytes);
        }
    }

    private void Run()
    {
        try
        {
            var end = Capture();
            _pcm.Dispose();
            _ended.SetResult(end);
        }
        catch (Exception e)
        {
            // Whoever waits for the end tells of the defect; an exception that leaves a thread ends the program.
            _pcm.Dispose();
            _ended.SetException(e);
        }
        finally
        {
            _blocks.Writer.TryComplete();
        }
    }

    private ConnectionEnd Capture()
    {
        _began = _time.GetTimestamp();
        if (Interop.Alsa.Start(_handle) is < 0 and var unstarted && Recover(unstarted) is < 0 and var lasting)
        {
            return Failure(lasting);
        }

        while (!_stopping.Task.IsCompleted)
        {
            var answer = Interop.Alsa.Wait(_handle, WaitMilliseconds);

            // After a timeout it is looked, too, for not all devices wake their readers as they should.
            var result = answer < 0 ? answer : ReadAvailable();
            if (result < 0 && (result = Recover(result)) < 0)
            {
                return Failure(result);
            }

            if (result == 0 && answer != 0)
            {
                // Woken for nothing: that must not become all that this computer does.
                _stopping.Task.Wait(s_patience);
            }

            if (IsTooFast)
            {
                return new ConnectionEnd(
                    EndCause.NotLive, $"{_pcm.Parameters.Pcm} is no live device: it gave {_read / _rate} s of audio in {Elapsed:0.0} s");
            }
        }

        ReadAvailable();
        return ConnectionEnd.Stopped;
    }

    /// <summary>Reads what is there now; how many moments that was, or an error.</summary>
    private int ReadAvailable()
    {
        // The stamp is that of the last time that the device was asked for its position.
        var updated = Interop.Alsa.UpdateAvailable(_handle);
        if (updated < 0)
        {
            return (int)updated;
        }

        var error = Interop.Alsa.GetTimestamp(_handle, out var available, out var time);
        if (error < 0)
        {
            return error;
        }

        // No more at once than its buffer holds, whatever it says.
        var there = (int)Math.Min(available, (nuint)_pcm.Parameters.BufferMoments);
        if (there == 0)
        {
            return 0;
        }

        var stamp = Plausible(time);
        var left = there;
        while (left > 0)
        {
            _buffer ??= _spare.TryDequeue(out var spare) ? spare : new byte[_blockMoments * _pcm.Parameters.Conversion.DeviceBytes];
            var moments = Interop.Alsa.Read(_handle, _buffer, (nuint)Math.Min(left, _blockMoments));
            if (moments <= 0)
            {
                return moments == 0 || moments == AlsaError.TryAgain ? there - left : (int)moments;
            }

            left -= (int)moments;
            HandOver((int)moments, stamp - (long)((double)left / _rate * _time.TimestampFrequency));
        }

        return there;
    }

    private void HandOver(int moments, long timestamp)
    {
        _read += moments;
        // Once it drops it does so until there is room for more than a block: each hole begins a file.
        if (Interlocked.Read(ref _queued) + moments > (_dropped > 0 ? _mostQueued / 2 : _mostQueued))
        {
            _dropped += moments;
            return;
        }

        Interlocked.Add(ref _queued, moments);
        _blocks.Writer.TryWrite(new CaptureBlock(_buffer!, moments, timestamp, _interruption, _dropped));
        (_buffer, _interruption, _dropped) = (null, Interruption.None, 0);
    }

    /// <summary>
    /// The device's stamp as a timestamp, or now, where it is none: zero, of another clock, the same as before, in the future,
    /// or older than anything that the device can still hold.
    /// </summary>
    private long Plausible(in PcmTime time)
    {
        var now = _time.GetTimestamp();
        var oldest = ((double)_pcm.Parameters.BufferMoments / _rate) + 1;
        if (time.Nanoseconds is < 0 or >= 1_000_000_000 || time.Seconds < 0 || time.Seconds > now / _time.TimestampFrequency)
        {
            return now;
        }

        var stamp = (time.Seconds * _time.TimestampFrequency) + (long)(time.Nanoseconds * 1e-9 * _time.TimestampFrequency);
        if (stamp > now || stamp == _lastStamp || _time.GetElapsedTime(stamp, now).TotalSeconds > oldest)
        {
            return now;
        }

        _lastStamp = stamp;
        return stamp;
    }

    /// <summary>Goes on after what a device gets over; otherwise the error that it does not.</summary>
    private int Recover(int error)
    {
        switch (error)
        {
            case AlsaError.TryAgain or AlsaError.Interrupted:
                return 0;
            case AlsaError.Overrun or AlsaError.Suspended:
                if (_interruption != Interruption.None)
                {
                    // Once more, and nothing was read in between.
                    _stopping.Task.Wait(s_patience);
                }

                // What was dropped before is part of the interruption, whose length the time stamps tell.
                (_interruption, _dropped) = (error == AlsaError.Overrun ? Interruption.Overrun : Interruption.Suspended, 0);
                return Restart();
            default:
                return error;
        }
    }

    /// <summary>At once where that works; a device that sleeps is waited for.</summary>
    private int Restart()
    {
        do
        {
            var error = 0;
            if (Interop.Alsa.State(_handle) == Interop.Alsa.StateSuspended)
            {
                error = Interop.Alsa.Resume(_handle);
                if (error >= 0 && Interop.Alsa.State(_handle) == Interop.Alsa.StateRunning)
                {
                    return 0;
                }
            }

            // Not all devices can resume; all can begin anew.
            if (error != AlsaError.TryAgain && (error = Interop.Alsa.Prepare(_handle)) >= 0 && (error = Interop.Alsa.Start(_handle)) >= 0)
            {
                return 0;
            }

            if (error is not (AlsaError.TryAgain or AlsaError.Interrupted or AlsaError.Suspended or AlsaError.Overrun))
            {
                return error;
            }
        }
        while (!_stopping.Task.Wait(s_patience));

        return 0;
    }

    private ConnectionEnd Failure(int error) => new(
        EndCause.Broken,
        error is AlsaError.NoDevice or AlsaError.NoAddress
            ? $"{_pcm.Parameters.Pcm} was unplugged: plug it in again"
            : $"{_pcm.Parameters.Pcm} failed: {AlsaError.Describe(error)}");
}
