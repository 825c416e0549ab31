using Isr.Audio;

namespace Isr.Recording.Live;

/// <summary>
/// Where one source's frames pass on their way to the files, and can be heard. It keeps the last moment of them, so that a player that
/// comes now need not wait until its buffer is full. Nothing is allocated for a frame.
/// </summary>
/// <param name="source">Its name.</param>
internal sealed class LiveTap(string source)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(1.5);
    private const int MaxKeptBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly FrameQueue _last = new();
    private FrameListener[] _listeners = [];
    private bool _isFirst = true;

    public string Source => source;

    /// <summary>Samples of a soundcard become FLAC where nothing else is asked for.</summary>
    public bool PrefersFlac { get; init; }

    public int Listeners => Volatile.Read(ref _listeners).Length;

    /// <summary>On the source's task.</summary>
    public void Add(in AudioFrame frame)
    {
        lock (_gate)
        {
            _last.Add(frame, _isFirst);
            while (_last.Duration > s_kept || (_last.Bytes > MaxKeptBytes && !_last.IsEmpty))
            {
                _last.TryTake(out _, out _);
            }

            foreach (var listener in _listeners)
            {
                listener.Add(frame, _isFirst);
            }

            _isFirst = false;
        }
    }

    /// <summary>The connection is over: what comes next does not follow on what came.</summary>
    public void Disconnected()
    {
        lock (_gate)
        {
            _last.Clear();
            _isFirst = true;
        }
    }

    internal FrameListener Listen(Action left)
    {
        var listener = new FrameListener(gone =>
        {
            lock (_gate)
            {
                if (Array.IndexOf(_listeners, gone) >= 0)
                {
                    _listeners = [.. _listeners.Where(l => l != gone)];
                    left();
                }
            }
        });
        lock (_gate)
        {
            listener.Begin(_last);
            _listeners = [.. _listeners, listener];
        }

        return listener;
    }
}
