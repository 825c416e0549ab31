using Isr.Reliability.Tests.Disk;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Programs;

/// <summary>What a service manager that watches isr must not take for its death.</summary>
public sealed class WatchdogTests
{
    private const int WatchdogMilliseconds = 400;

    /// <summary>The recordings folder, its state directory and all lie on a disk of which every write takes longer than the watchdog waits.</summary>
    [Fact]
    public async Task A_disk_that_hangs_is_no_reason_to_be_restarted()
    {
        Assert.SkipUnless(Campaign.IsFull, "ISR_CAMPAIGN=full waits for a disk");
        using var folder = new ProgramFolder();
        await using var disk = await FaultDisk.MountAsync(folder.File("recordings"));
        await using var server = new FaultServer();
        _ = new NumberedStation("one").MapHealthy(server);
        folder.Configure(24 * 60, ("one", server.Url("/one")));
        using var listener = new NotifyListener(folder.File("notify"));
        await using var program = IsrProgram.Start(folder, ["record"], environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NOTIFY_SOCKET"] = listener.Name,
            ["WATCHDOG_USEC"] = $"{WatchdogMilliseconds * 1000}",
        });
        await listener.UntilAsync("STATUS=Recording 1 of 1 source");

        await disk.SetAsync("slow 3000");
        var before = listener.Count("WATCHDOG=1");
        var began = NumberedStation.Time;
        await Wait.UntilAsync(
            () => NumberedStation.Time - began > 6, TimeSpan.FromSeconds(20), "time passes");
        var during = listener.Count("WATCHDOG=1") - before;
        await disk.SetAsync("ok");

        // 30 are due; half of them is more than enough for a watchdog.
        Assert.InRange(during, 15, 40);
        Assert.Equal(0, (await program.EndAsync(Signal.Terminate)).Result.ExitCode);
    }
}
