using Isr.Recording.Journal;
using Isr.Sources;

namespace Isr.Reliability.Tests.Disk;

/// <summary>The folder that is recorded into goes away.</summary>
public sealed class FolderFaultTests
{
    [Fact]
    public Task A_folder_that_is_deleted_is_made_again() => FaultMatrix.RowAsync(FaultKind.Disk, "the folder that is recorded into is deleted, files and all", DiskJudge.MustBe, async () =>
    {
        await using var run = new FaultRun { SplitMinutes = 1440 };
        var station = run.Add(new NumberedStation("deleted").MapHealthy(run.Server));
        await run.StartAsync();
        await run.UntilAsync(station.Name, SourceState.Recording);
        await FaultRun.ForAsync(2);
        var deleted = station.Last;

        Directory.Delete(Path.Combine(run.Folder.Recordings, station.Name), recursive: true);
        await run.UntilAsync(station.Name, SourceState.Disk);
        var recovery = await DiskJudge.RecoveryAsync(run, station);
        await FaultRun.ForAsync(2);
        await run.StopAsync();

        // What was deleted is gone; all that came after the loss was noticed is there.
        run.CheckWitness();
        var found = station.Find(run.Folder);
        var gap = Assert.Single(run.Folder.Entries<GapFound>(), g => g.Source == station.Name);
        Assert.Equal((GapCause.Disk, 0, 0), (gap.Cause, found.Foreign, found.Doubled));
        Assert.InRange(gap.Seconds, 0, 5 + DiskJudge.RecoversWithin);
        Assert.InRange(found.Lost * NumberedStation.SecondsPerFrame, 0, (deleted - station.First) * NumberedStation.SecondsPerFrame + gap.Seconds + 6.5);
        return FormattableString.Invariant($"a gap of {gap.Seconds:0.0} s in the journal, recorded again after {recovery:0.0} s");
    });
}
