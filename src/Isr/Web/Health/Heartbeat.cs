using Isr.Recording.Time;

namespace Isr.Web.Health;

/// <summary>
/// Whether the program still does what it does once a second: its timers and its threads, and where it records, the recorder's own clock. A disk that hangs
/// does not stop it, nor would a new start of the program help against that.
/// </summary>
internal sealed class Heartbeat(TimeProvider time, WallClock? clock = null) : BackgroundService
{
    /// <summary>A computer that was asleep, or a process that was stopped, needs a moment.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private long _beatAt = time.GetTimestamp();

    public bool IsAlive => time.GetElapsedTime(Volatile.Read(ref _beatAt)) < Longest && (clock is null || time.GetElapsedTime(clock.ObservedAt) < Longest);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Volatile.Write(ref _beatAt, time.GetTimestamp());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
