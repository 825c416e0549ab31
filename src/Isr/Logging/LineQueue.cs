using System.Threading.Channels;

namespace Isr.Logging;

/// <summary>Lines on their way to somewhere that may not take them now. Where it stays away for too long the oldest are dropped, and that is said when it is back.</summary>
/// <param name="write">Writes a line; it may take as long as it likes.</param>
/// <param name="describeDropped">The line that tells how many are missing.</param>
internal sealed class LineQueue(Action<string> write, Func<long, string> describeDropped)
{
    private const int MaxWaiting = 10_000;

    private readonly Lock _gate = new();
    private long _dropped;
    private Channel<string>? _lines;
    private Task _writing = Task.CompletedTask;

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_lines is null)
            {
                _lines = Channel.CreateBounded<string>(
                    new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
                _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            _lines.Writer.TryWrite(line);
        }
    }

    /// <summary>False when what is left was not taken in time.</summary>
    public bool End(TimeSpan limit)
    {
        lock (_gate)
        {
            _lines?.Writer.TryComplete();
        }

        return _writing.Wait(limit);
    }

    // A thread of its own: a terminal that stands still must not take one from the pool.
    private void Write()
    {
        var reader = _lines!.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var line))
            {
                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var missing)
                {
                    write(describeDropped(missing));
                }

                write(line);
            }
        }
    }
}
