using System.Threading.Channels;
using Isr.Audio;

namespace Isr.Recording.Live;

/// <summary>One who hears a source as it comes. What it has not taken yet waits here; who lets too much wait is dropped.</summary>
internal sealed class FrameListener(Action<FrameListener> left) : IDisposable
{
    /// <summary>A connection may begin with a minute at once.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);

    /// <summary>So much may wait whatever its size.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5);
    private const int MaxBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private FrameQueue _waiting = new();

    /// <summary>It did not keep up: what comes from now on is lost to it.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Called once, on another task than the source's, when it is dropped: it may stand still in the midst of sending.</summary>
    public Action? Dropped { get; set; }

    /// <summary>Waits until there is something to take. False when nothing will be.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (!await _news.Reader.WaitToReadAsync(cancellationToken))
        {
            return false;
        }

        _news.Reader.TryRead(out _);
        return true;
    }

    /// <summary>All that waits, in exchange for a queue that has been emptied.</summary>
    public FrameQueue Take(FrameQueue empty)
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = empty;
            return taken;
        }
    }

    public void Dispose() => left(this);

    /// <summary>On the source's task, which it never holds up.</summary>
    internal void Add(in AudioFrame frame, bool isFirst)
    {
        lock (_gate)
        {
            if (IsDropped)
            {
                return;
            }

            if (_waiting.Duration > s_longest || (_waiting.Bytes > MaxBytes && _waiting.Duration > s_shortest))
            {
                IsDropped = true;
                _waiting = new FrameQueue();
                _news.Writer.TryComplete();
                ThreadPool.UnsafeQueueUserWorkItem(static listener => listener.Dropped?.Invoke(), this, preferLocal: false);
                return;
            }

            _waiting.Add(frame, isFirst);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Gives it what came a moment before it did.</summary>
    internal void Begin(FrameQueue last)
    {
        lock (_gate)
        {
            last.CopyTo(_waiting);
        }

        if (!last.IsEmpty)
        {
            _news.Writer.TryWrite(true);
        }
    }
}
