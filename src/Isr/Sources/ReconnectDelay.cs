namespace Isr.Sources;

/// <summary>
/// How long to wait before the next attempt. After a connection that gave real audio the first attempts come
/// at once and then each second, for as long as Icecast's usual burst, 3.7 s of 128 kbit/s, still covers the gap;
/// after that the wait doubles up to a minute, with jitter, so that a hundred sources of one server do not return
/// in the same instant.
/// </summary>
internal static class ReconnectDelay
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>A connection that lasted so long, and gave so much audio, counts as good.</summary>
    public static readonly TimeSpan GoodConnection = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] s_quick = [TimeSpan.Zero, .. new[] { 0.3, 1, 1, 1 }.Select(TimeSpan.FromSeconds)];

    /// <param name="failures">Attempts since the last good connection, this one included; from 1.</param>
    /// <param name="afterGoodConnection">The first of them followed a good connection.</param>
    /// <param name="delay">The configured wait.</param>
    /// <param name="retryAfter">What the server asked for, if it did.</param>
    /// <param name="random">Source of the jitter.</param>
    /// <param name="grows">False where an attempt costs nobody anything: then the configured wait is kept.</param>
    public static TimeSpan Next(int failures, bool afterGoodConnection, TimeSpan delay, TimeSpan? retryAfter, Random random, bool grows = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);

        if (retryAfter is { } asked)
        {
            return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > Longest ? Longest : asked;
        }

        if (afterGoodConnection)
        {
            if (failures <= s_quick.Length)
            {
                return s_quick[failures - 1];
            }

            failures -= s_quick.Length;
        }

        if (!grows)
        {
            return delay;
        }

        var longest = delay > Longest ? delay : Longest;
        var wait = delay * Math.Pow(2, Math.Min(failures - 1, 16));
        if (wait > longest)
        {
            wait = longest;
        }

        return wait * (0.8 + (0.2 * random.NextDouble()));
    }
}
