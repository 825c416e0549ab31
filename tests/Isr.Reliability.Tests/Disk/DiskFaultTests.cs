using Isr.Recording.Journal;
using Isr.Sources;

namespace Isr.Reliability.Tests.Disk;

/// <summary>Disks that fail and recover, while other sources of the same recorder are on one that does not.</summary>
public sealed class DiskFaultTests
{
    private const double FaultSeconds = 7;

    /// <summary>The recorder tries a disk again every 5 s; then the first frames must come.</summary>
    private const double RecoversWithin = 7;

    private const string MustBe = "what is missing is one gap in the journal, of cause disk and that long; nothing doubled; recorded again within 7 s";

    [Theory]
    [InlineData("eio", "every write fails with EIO for 7 s")]
    [InlineData("enospc", "the disk is full for 7 s")]
    [InlineData("readonly", "the disk is read-only for 7 s, also for open files")]
    [InlineData("denied", "permission to make files is taken away for 7 s, at a split")]
    public Task A_disk_that_fails_costs_what_came_in_that_time(string command, string how) => FaultMatrix.RowAsync(FaultKind.Disk, how, MustBe, async () =>
    {
        await using var run = new FaultRun();
        await using var disk = await FaultDisk.MountAsync(run.Folder.File("disk"));
        var station = run.Add(new NumberedStation("failing").MapHealthy(run.Server), directory: Path.Combine(disk.Path, "failing"));
        await run.StartAsync();
        await run.UntilAsync(station.Name, SourceState.Recording);
        await FaultRun.ForAsync(2);

        await disk.SetAsync(command);
        await run.UntilAsync(station.Name, SourceState.Disk);
        await FaultRun.ForAsync(FaultSeconds);
        await disk.SetAsync("ok");
        var recovery = await RecoveryAsync(run, station);

        return await JudgeAsync(run, station, recovery, FaultSeconds + RecoversWithin + (command == "denied" ? 6 : 0));
    });

    [Fact]
    public Task A_folder_that_is_deleted_is_made_again() => FaultMatrix.RowAsync(FaultKind.Disk, "the folder that is recorded into is deleted, files and all", MustBe, async () =>
    {
        await using var run = new FaultRun { SplitMinutes = 60 };
        var station = run.Add(new NumberedStation("deleted").MapHealthy(run.Server));
        await run.StartAsync();
        await run.UntilAsync(station.Name, SourceState.Recording);
        await FaultRun.ForAsync(2);
        var deleted = station.Last;

        Directory.Delete(Path.Combine(run.Folder.Recordings, station.Name), recursive: true);
        await run.UntilAsync(station.Name, SourceState.Disk);
        var recovery = await RecoveryAsync(run, station);
        await FaultRun.ForAsync(2);
        await run.StopAsync();

        // What was deleted is gone; all that came after the loss was noticed is there.
        run.CheckWitness();
        var found = station.Find(run.Folder);
        var gap = Assert.Single(run.Folder.Entries<GapFound>(), g => g.Source == station.Name);
        Assert.Equal((GapCause.Disk, 0, 0), (gap.Cause, found.Foreign, found.Doubled));
        Assert.InRange(gap.Seconds, 0, 5 + RecoversWithin);
        Assert.InRange(found.Lost * NumberedStation.SecondsPerFrame, 0, (deleted - station.First) * NumberedStation.SecondsPerFrame + gap.Seconds + 6.5);
        return FormattableString.Invariant($"a gap of {gap.Seconds:0.0} s in the journal, recorded again after {recovery:0.0} s");
    });

    [Fact]
    public Task A_disk_with_the_journal_on_it_fails() => FaultMatrix.RowAsync(
        FaultKind.Disk, "the disk with the recordings, the journal, status.json and the log is full for 7 s", "it goes on when there is room; the journal's lines come then, none is missing", async () =>
        {
            await using var run = new FaultRun();
            await using var disk = await FaultDisk.MountAsync(run.Folder.Recordings);
            await run.StartAsync();
            await run.UntilAsync("witness", SourceState.Recording);
            await FaultRun.ForAsync(2);

            await disk.SetAsync("enospc");
            await FaultRun.ForAsync(FaultSeconds);
            await disk.SetAsync("ok");
            var recovery = await RecoveryAsync(run, run.Witness);

            return await JudgeAsync(run, run.Witness, recovery, FaultSeconds + RecoversWithin);
        });

    [Fact]
    public Task A_slow_disk_costs_nothing_while_there_is_memory() => FaultMatrix.RowAsync(
        FaultKind.Disk,
        $"every write takes 2 s while {SlowSources} sources record to the disk, for {SlowSeconds:0} s",
        "30 s of each source wait in memory; what is lost beyond that is a gap in the journal, and that long; nothing doubled",
        async () =>
        {
            await using var run = new FaultRun { SplitMinutes = 60 };
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

    private static int SlowSources => 20;

    private static double SlowSeconds => Isr.Tests.EndToEnd.Campaign.IsFull ? 180 : 20;

    /// <summary>Seconds until the source is recorded again: the gap is told when the next file has its first bytes on the disk.</summary>
    private static async Task<double> RecoveryAsync(FaultRun run, NumberedStation station)
    {
        var began = NumberedStation.Time;
        await run.UntilAsync(() => run.Folder.Entries<GapFound>().Any(g => g.Source == station.Name), () => $"{station.Name} is not recorded again");
        return NumberedStation.Time - began;
    }

    private static async Task<string> JudgeAsync(FaultRun run, NumberedStation station, double recovery, double longest)
    {
        await FaultRun.ForAsync(2);
        await run.StopAsync();

        if (station != run.Witness)
        {
            run.CheckWitness();
        }

        var found = station.Find(run.Folder);
        var gap = Assert.Single(run.Folder.Entries<GapFound>(), g => g.Source == station.Name);
        Assert.Equal(GapCause.Disk, gap.Cause);
        Assert.Equal((0, 0, 0), (found.Foreign, found.Doubled, found.Disordered));
        Assert.InRange(found.LostAtEnd, 0, 16);
        Assert.InRange((found.Lost - found.LostAtEnd) * NumberedStation.SecondsPerFrame, gap.Seconds - 0.3, gap.Seconds + 0.3);
        Assert.InRange(gap.Seconds, 0, longest);
        Assert.InRange(recovery, 0, RecoversWithin);
        return FormattableString.Invariant($"{found.Figures}; recorded again after {recovery:0.0} s");
    }
}
