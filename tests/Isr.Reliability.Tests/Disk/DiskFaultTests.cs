namespace Isr.Reliability.Tests.Disk;

/// <summary>Disks that fail and recover, while other sources of the same recorder are on one that does not.</summary>
public sealed class DiskFaultTests(DiskRun run) : IClassFixture<DiskRun>
{
    [Theory]
    [InlineData("eio", "every write fails with EIO for 7 s")]
    [InlineData("enospc", "the disk is full for 7 s")]
    [InlineData("readonly", "the disk is read-only for 7 s, also for open files")]
    [InlineData("denied", "permission to make files is taken away for 7 s, at a split")]
    public Task A_disk_that_fails_costs_what_came_in_that_time(string command, string how) =>
        FaultMatrix.RowAsync(FaultKind.Disk, how, DiskJudge.MustBe, () => Task.FromResult(run.Judge(command)));
}
