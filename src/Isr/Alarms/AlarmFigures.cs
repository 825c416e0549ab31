namespace Isr.Alarms;

/// <summary>What is counted of alarms since the program started, for metrics. In the recorder's process alone; any thread may read it.</summary>
internal sealed class AlarmFigures
{
    private long _delivered;
    private long _failed;
    private long _dropped;
    private long _beats;
    private long _beatsFailed;
    private volatile int _waiting;
    private volatile bool _isBeating;

    /// <summary>Webhook messages that wait to be delivered.</summary>
    public int WebhooksWaiting { get => _waiting; set => _waiting = value; }

    /// <summary>Webhook messages that were taken by their receivers.</summary>
    public long WebhooksDelivered => Interlocked.Read(ref _delivered);

    /// <summary>Tries to deliver one that failed.</summary>
    public long WebhookTriesFailed => Interlocked.Read(ref _failed);

    /// <summary>Webhook messages that were given up.</summary>
    public long WebhooksDropped => Interlocked.Read(ref _dropped);

    /// <summary>Heartbeats that were answered.</summary>
    public long Heartbeats => Interlocked.Read(ref _beats);

    /// <summary>Heartbeats that were not.</summary>
    public long HeartbeatsFailed => Interlocked.Read(ref _beatsFailed);

    /// <summary>Heartbeats are sent: all is well.</summary>
    public bool IsBeating { get => _isBeating; set => _isBeating = value; }

    public void CountDelivered() => Interlocked.Increment(ref _delivered);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void CountHeartbeat(bool isAnswered)
    {
        if (isAnswered)
        {
            Interlocked.Increment(ref _beats);
        }
        else
        {
            Interlocked.Increment(ref _beatsFailed);
        }
    }
}
