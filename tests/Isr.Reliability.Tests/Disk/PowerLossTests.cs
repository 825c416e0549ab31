using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.EndToEnd;

namespace Isr.Reliability.Tests.Disk;

/// <summary>The power fails: what was not synced is gone, and so is the process.</summary>
public sealed class PowerLossTests
{
    [Fact]
    public Task A_power_loss_costs_the_last_seconds() => FaultMatrix.RowAsync(
        FaultKind.Power,
        $"the power fails while it records, {Times} times: what was not synced is lost, names included",
        "of each run at most the last 2 s are lost; the journal can be read; the next start goes on and overwrites nothing",
        async () =>
        {
            await using var run = new FaultRun();
            var random = new Random(Seed);
            var before = new List<int>();
            var worst = 0.0;
            for (var i = 0; i < Times; i++)
            {
                await using var disk = await FaultDisk.MountAsync(run.Folder.Recordings, isVolatile: true);
                await run.StartAsync();
                await run.UntilAsync("witness", SourceState.Recording);
                await FaultRun.ForAsync(2 + (random.NextDouble() * 3));

                var last = run.Witness.Last;
                await disk.SetAsync("power");
                run.Program.Kill();
                await run.Program.WaitAsync(IsrProgram.EndsWithin);
                await disk.DisposeAsync();

                // Looked at where it is durable.
                var found = Recorded(disk.Backing);
                Assert.All(before, number => Assert.Contains(number, found));
                Assert.NotEmpty(found);
                worst = Math.Max(worst, (last - found.Max()) * NumberedStation.SecondsPerFrame);
                before = [.. found];
            }

            Assert.InRange(worst, 0, 2);
            await using var after = await FaultDisk.MountAsync(run.Folder.Recordings, isVolatile: true);
            Assert.Equal(Times, run.Folder.Entries<ProgramStarted>().Count);
            return FormattableString.Invariant($"seed {Seed}: {Times} times, the last {worst:0.00} s lost at worst, {before.Count} frames kept through all of it");
        });

    private const int Seed = 11;

    private static int Times => Campaign.IsFull ? 20 : 2;

    private static HashSet<int> Recorded(string folder) => [.. Directory.EnumerateFiles(Path.Combine(folder, "witness"), "*.aac", SearchOption.AllDirectories)
        .SelectMany(f => Isr.Tests.Support.FrameSplitter.Adts(File.ReadAllBytes(f), allowCutEnd: true).Select(NumberedStation.NumberOf))];
}
