namespace Isr.SelfTest;

/// <summary>Waiting for what should come true.</summary>
internal static class TrialWait
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether it came true in time.</summary>
    public static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(began) > limit)
            {
                return false;
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }

        return true;
    }
}
