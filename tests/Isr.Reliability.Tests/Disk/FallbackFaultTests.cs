using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Disk;

/// <summary>The disk fails, and there is another.</summary>
public sealed class FallbackFaultTests
{
    [Theory]
    [InlineData("enospc", "the disk is full for 7 s, with a fallback_directory")]
    [InlineData("readonly", "the disk is read-only for 7 s, with a fallback_directory")]
    public Task A_fallback_directory_takes_over(string command, string how)
    {
        return FaultMatrix.RowAsync(FaultKind.Disk, how, "at most 1 s is lost, and is a gap in the journal; nothing doubled; all files are moved back to where they belong", async () =>
        {
            using var other = new TemporaryDirectory();
            await using var run = new FaultRun { General = $"fallback_directory = {other.Path}" };
            await using var disk = await FaultDisk.MountAsync(run.Folder.File("disk"));
            var target = Path.Combine(disk.Path, "failing");
            var station = run.Add(new NumberedStation("failing").MapHealthy(run.Server), directory: target);
            await run.StartAsync();
            await run.UntilAsync(() => Files(target).Any(), () => "nothing is recorded");
            await FaultRun.ForAsync(2);

            await disk.SetAsync(command);
            await run.UntilAsync(() => Files(other.Path).Any(), () => "nothing is in the fallback directory");
            await FaultRun.ForAsync(7);
            await disk.SetAsync("ok");
            await run.UntilAsync(() => !Files(other.Path).Any(), () => "nothing is moved back");
            await FaultRun.ForAsync(2);
            await run.StopAsync();

            run.CheckWitness();
            var found = FoundFrames.Of(
                station.AllSent(), [.. Files(target).Order(StringComparer.Ordinal).SelectMany(f => FrameSplitter.Adts(File.ReadAllBytes(f))).Select(NumberedStation.NumberOf)],
                [.. run.Folder.Entries<GapFound>().Where(g => g.Source == station.Name)], Files(target).Count());
            Assert.Equal((0, 0), (found.Foreign, found.Doubled));
            Assert.InRange((found.Lost - found.LostAtEnd) * NumberedStation.SecondsPerFrame, found.GapSeconds - 0.3, Math.Min(1, found.GapSeconds + 0.3));
            Assert.NotEmpty(run.Folder.Entries<FileMoved>());
            return $"{found.Figures}; {run.Folder.Entries<FileMoved>().Count} files moved back";
        });
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.aac", SearchOption.AllDirectories) : [];
}
