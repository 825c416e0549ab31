namespace Isr.Codecs;

/// <summary>
/// Tells when a decoder stands still: it has been given something, or the end, and neither takes nor gives. While whoever feeds
/// it has nothing for it, it has all the time there is.
/// </summary>
internal sealed class FfmpegWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _patience;
    private bool _isAwaited;

    public FfmpegWatch(TimeSpan patience, CancellationToken stop)
    {
        (_patience, _stop) = (patience, stop);
        _source = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>Set when it stands still, and when it is stopped.</summary>
    public CancellationToken Token => _source.Token;

    public bool HasStoodStill => _source.IsCancellationRequested && !_stop.IsCancellationRequested;

    /// <summary>From now on it is its turn.</summary>
    public void Await() => Set(isAwaited: true);

    /// <summary>It took all; now it is the feeder's turn.</summary>
    public void Relax() => Set(isAwaited: false);

    /// <summary>It gave something.</summary>
    public void Moved()
    {
        lock (_gate)
        {
            if (_isAwaited)
            {
                _source.CancelAfter(_patience);
            }
        }
    }

    /// <summary>Whoever still feeds it may leave off.</summary>
    public void End() => _source.Cancel();

    public void Dispose() => _source.Dispose();

    private void Set(bool isAwaited)
    {
        lock (_gate)
        {
            _isAwaited = isAwaited;
            _source.CancelAfter(isAwaited ? _patience : Timeout.InfiniteTimeSpan);
        }
    }
}
