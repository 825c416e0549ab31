namespace Isr.Sources.Http;

/// <summary>
/// Looks at all connections once a second, so that none needs a timer of its own: ends those on which nothing
/// came for <see cref="SilenceLimit"/>, and wakes readers for what is too little for the kernel to wake them.
/// </summary>
internal sealed class ConnectionWatch(TimeProvider time) : BackgroundService
{
    /// <summary>A connection without a byte for this long is dead, whatever TCP believes.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<StreamBody> _bodies = [];

    public void Add(StreamBody body)
    {
        lock (_gate)
        {
            _bodies.Add(body);
        }
    }

    public void Remove(StreamBody body)
    {
        lock (_gate)
        {
            _bodies.Remove(body);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Look()
    {
        StreamBody[] bodies;
        lock (_gate)
        {
            bodies = [.. _bodies];
        }

        foreach (var body in bodies)
        {
            var quiet = time.GetElapsedTime(body.LastRead);
            if (quiet >= SilenceLimit)
            {
                body.Abort(EndCause.Silence);
            }
            else if (quiet >= s_period)
            {
                body.WakeReader();
            }
        }
    }
}
