using System.Diagnostics;

namespace Isr.Tests.Support;

/// <summary>Waiting for what must come true, in real time.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns as soon as the condition holds; fails the test after the timeout, saying what it saw last.</summary>
    public static Task UntilAsync(Func<bool> condition, TimeSpan timeout, Func<string> describe) =>
        UntilAsync(() => Task.FromResult(condition()), timeout, describe);

    public static Task UntilAsync(Func<bool> condition, TimeSpan timeout, string describe) =>
        UntilAsync(condition, timeout, () => describe);

    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, Func<string> describe)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                Assert.Fail($"Waited {timeout.TotalSeconds:0.###} s in vain: {describe()}");
            }

            await Task.Delay(s_interval, TimeProvider.System, cancellationToken);
        }
    }
}
