using Isr.Sources;
using Isr.Tests.EndToEnd;

namespace Isr.Reliability.Tests.Disk;

/// <summary>A disk that takes its time.</summary>
public sealed class SlowDiskTests
{
    private static int SlowSources => 20;

    private static double SlowSeconds => Campaign.IsFull ? 180 : 20;

    [Fact]
    public Task A_slow_disk_costs_nothing_while_there_is_memory() => FaultMatrix.RowAsync(
        FaultKind.Disk,
        $"every write takes 2 s while {SlowSources} sources record to the disk, for {SlowSeconds:0} s",
        "30 s of each source wait in memory; what is lost beyond that is a gap in the journal, and that long; nothing doubled",
        async () =>
        {
            await using var run = new FaultRun { SplitMinutes = 1440 };
            await using var disk = await FaultDisk.MountAsync(run.Folder.File("disk"));
            var slow = Enumerable.Range(0, SlowSources)
                .Select(i => run.Add(new NumberedStation($"slow{i:00}").MapHealthy(run.Server), directory: Path.Combine(disk.Path, $"slow{i:00}"))).ToList();
            await run.StartAsync();
            await run.UntilAsync(() => slow.All(s => run.StatusOf(s.Name)?.State == SourceState.Recording), () => "not all are recorded");
            await FaultRun.ForAsync(1);

            await disk.SetAsync("slow 2000");
            await FaultRun.ForAsync(SlowSeconds);
            await disk.SetAsync("ok");
            await FaultRun.ForAsync(8);
            await run.StopAsync();

            run.CheckWitness();
            var all = slow.ConvertAll(s => s.Find(run.Folder));
            Assert.All(all, f => Assert.Equal((0, 0), (f.Foreign, f.Doubled)));
            Assert.All(all, f => Assert.InRange((f.Lost - f.LostAtEnd) * NumberedStation.SecondsPerFrame, f.GapSeconds - 0.3, f.GapSeconds + 0.3));
            Assert.All(all, f => Assert.InRange(f.LostAtEnd, 0, 16));
            return FormattableString.Invariant($"{all.Sum(f => f.Sent)} frames sent, {all.Sum(f => f.Lost - f.LostAtEnd)} lost, 0 doubled, {all.Sum(f => f.GapSeconds):0.0} s of gaps in the journal");
        });
}
