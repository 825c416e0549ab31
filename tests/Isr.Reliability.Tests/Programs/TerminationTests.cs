using Isr.Recording.Journal;
using Isr.Reliability.Tests.Disk;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Programs;

/// <summary>SIGTERM in every state that a source can be in.</summary>
public sealed class TerminationTests
{
    private const string InTime = "it ends with 0 within 10 s; every frame that had come is in a file, every file is closed in the journal";

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(150)]
    public Task While_it_starts(int milliseconds) => RowAsync($"SIGTERM {milliseconds} ms after the process began", "it ends within 10 s, and leaves no file open", async () =>
    {
        await using var run = new FaultRun();
        await run.StartAsync();
        await FaultRun.ForAsync(milliseconds / 1000.0);

        // Before the runtime stands, the signal does what it does to any program.
        var (result, took) = await run.Program.EndAsync(Signal.Terminate);

        Assert.True(result.ExitCode is 0 or 128 + (int)Signal.Terminate, $"isr ended with {result.ExitCode}: {result.Errors}");
        IsClosed(run);
        return Figures(took.TotalSeconds);
    });

    [Fact]
    public Task While_it_records() => RowAsync("SIGTERM while it records", InTime, async () =>
    {
        await using var run = new FaultRun();
        await run.StartAsync();
        await run.UntilAsync("witness", SourceState.Recording);
        await FaultRun.ForAsync(2);

        var took = await run.StopAsync();

        return Figures(took, IsWhole(run));
    });

    [Fact]
    public Task While_the_first_second_is_held() => RowAsync("SIGTERM within the second in which a connection's first audio is held", InTime, async () =>
    {
        await using var run = new FaultRun();
        await run.StartAsync();
        await run.UntilAsync(() => run.Witness.Last > 0, () => "nobody asks for the stream");
        await FaultRun.ForAsync(0.2);

        var took = await run.StopAsync();

        return Figures(took, IsWhole(run));
    });

    [Fact]
    public Task While_it_connects_and_waits() => RowAsync("SIGTERM while one source waits for an answer, one for its next attempt", InTime, async () =>
    {
        await using var run = new FaultRun();
        run.Server.Map("/silent", c => c.HangAsync());
        run.Add("silent", run.Server.Url("/silent"));
        run.Add("missing", run.Server.Url("/missing"));
        await run.StartAsync();
        await run.UntilAsync("witness", SourceState.Recording);
        await run.UntilAsync("silent", SourceState.Connecting);
        await run.UntilAsync("missing", SourceState.Waiting);

        var took = await run.StopAsync();

        return Figures(took, IsWhole(run));
    });

    [Theory]
    [InlineData("enospc", "is full")]
    [InlineData("eio", "fails every write")]
    public Task While_a_disk_fails(string command, string how) => RowAsync($"SIGTERM while the disk of one source {how}", InTime, async () =>
    {
        await using var run = new FaultRun();
        await using var disk = await FaultDisk.MountAsync(run.Folder.File("disk"));
        var station = run.Add(new NumberedStation("failing").MapHealthy(run.Server), directory: Path.Combine(disk.Path, "failing"));
        await run.StartAsync();
        await run.UntilAsync(station.Name, SourceState.Recording);
        await FaultRun.ForAsync(1);
        await disk.SetAsync(command);
        await run.UntilAsync(station.Name, SourceState.Disk);

        var took = await run.StopAsync();

        return Figures(took, IsWhole(run));
    });

    [Fact]
    public Task Twice_while_a_disk_hangs() => RowAsync(
        "SIGTERM while every write of one disk takes 20 s, and once more 1 s later", "it ends with 0 within 10 s; the other disk's files are whole", async () =>
        {
            await using var run = new FaultRun();
            await using var disk = await FaultDisk.MountAsync(run.Folder.File("disk"));
            var station = run.Add(new NumberedStation("hanging").MapHealthy(run.Server), directory: Path.Combine(disk.Path, "hanging"));
            await run.StartAsync();
            await run.UntilAsync(station.Name, SourceState.Recording);
            await FaultRun.ForAsync(1);
            await disk.SetAsync("slow 20000");
            await FaultRun.ForAsync(1);

            run.Program.Send(Signal.Terminate);
            await FaultRun.ForAsync(1);
            // Such a write cannot be ended; a killed process waits for it. The disk is let go, or nothing could be told.
            var freeing = FreeAsync(disk);
            var took = await run.StopAsync() + 1;
            await freeing;

            var found = run.Witness.Find(run.Folder).IsWhole("witness", inFlight: 16);
            return Figures(took, found);
        });

    private static async Task FreeAsync(FaultDisk disk)
    {
        await FaultRun.ForAsync(7);
        await disk.SetAsync("ok");
    }

    private static Task RowAsync(string injected, string mustBe, Func<Task<string>> run) => FaultMatrix.RowAsync(FaultKind.Process, injected, mustBe, run);

    private static string Figures(double seconds, FoundFrames? found = null) =>
        FormattableString.Invariant($"{(found is null ? "" : found.Figures + "; ")}ended after {seconds:0.0} s");

    private static FoundFrames IsWhole(FaultRun run)
    {
        IsClosed(run);
        Assert.IsType<ProgramStopped>(run.Folder.Journal()[^1]);
        return run.CheckWitness();
    }

    private static void IsClosed(FaultRun run)
    {
        var closed = run.Folder.Entries<FileClosed>().Select(f => f.File).ToHashSet(StringComparer.Ordinal);
        Assert.All(run.Folder.Entries<FileOpened>(), f => Assert.Contains(f.File, closed));
        Assert.Equal(run.Folder.Files().Count, run.Folder.Files().Count(f => closed.Contains(Path.GetRelativePath(run.Folder.Recordings, f))));
    }
}
