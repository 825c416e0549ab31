using Isr.Sources;

namespace Isr.Reliability.Tests.Disk;

/// <summary>The disk of the state directory fails.</summary>
public sealed class JournalDiskTests
{
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
            await FaultRun.ForAsync(DiskJudge.FaultSeconds);
            await disk.SetAsync("ok");
            var recovery = await DiskJudge.RecoveryAsync(run, run.Witness);
            await FaultRun.ForAsync(2);
            await run.StopAsync();

            return DiskJudge.Judge(run, run.Witness, recovery, DiskJudge.FaultSeconds + DiskJudge.RecoversWithin);
        });
}
