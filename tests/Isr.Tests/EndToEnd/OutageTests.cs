using System.Diagnostics;
using Isr.Commands;
using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>What fails outside, and what the log, the status, the journal and the files say of it.</summary>
[SideBySide]
public sealed class OutageTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_dead_source_waits_and_is_one_line_in_log_and_journal()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        var gone = TestSettings.Stream("gone", directory.File("rec"), server.Url("/gone")) with { RetryDelay = TimeSpan.FromSeconds(0.2) };

        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, gone);
        await program.WaitForAsync("gone", s => s.Retries >= 4);
        var status = program.StatusOf("gone")!;
        await program.StopAsync();

        var sentence = $"{server.Url("/gone")} has no such stream now (404)";
        Assert.True(status.State is SourceState.Waiting or SourceState.Connecting);
        Assert.Equal(sentence, status.Error);
        Assert.Null(status.File);
        Assert.NotNull(status.ErrorAt);
        Assert.Empty(program.Status.Active);
        Assert.Single(program.Log, line => line.Contains($"WARNING  [gone] {sentence}; next attempt in 0.", StringComparison.Ordinal));
        var disconnected = Assert.Single(program.Journal.OfType<SourceDisconnected>(), d => d.Cause != GapCause.Stopped);
        Assert.Equal(("refused", sentence), (disconnected.Cause, disconnected.Sentence));
        Assert.Empty(program.Journal.OfType<FileOpened>());
        Assert.IsType<ProgramStarted>(program.Journal[0]);
        Assert.IsType<SourceConfigured>(program.Journal[1]);
        Assert.IsType<ProgramStopped>(program.Journal[^1]);
    }

    [Fact]
    public async Task A_source_that_gives_up_says_so_and_stays_down()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        var gone = TestSettings.Stream("gone", directory.File("rec"), server.Url("/gone")) with { RetryDelay = TimeSpan.FromSeconds(0.1), MaxRetries = 2 };

        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, gone);
        await program.WaitForAsync("gone", s => s.State == SourceState.Stopped);

        Assert.Equal(3, server.RequestsOf("/gone"));
        Assert.StartsWith("gave up after 2 retries: ", program.StatusOf("gone")!.Error, StringComparison.Ordinal);
        Assert.Single(program.Log, line => line.Contains("ERROR    [gone] gave up after 2 retries (max_retries): ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_good_connection_the_first_retries_come_at_once()
    {
        var mp3 = await TestAudio.Mp3Async();
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        var asked = new List<long>();
        server.Map("/x", async c =>
        {
            asked.Add(Stopwatch.GetTimestamp());
            if (asked.Count > 1)
            {
                await c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
                return;
            }

            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendFramesAsync(mp3.Frames.Take(480), mp3.PerFrame, burstSeconds: 2);
            asked[0] = Stopwatch.GetTimestamp();
        });
        var source = TestSettings.Stream("x", directory.File("rec"), server.Url("/x")) with { RetryDelay = TimeSpan.FromSeconds(3) };

        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, source);
        await Wait.UntilAsync(() => asked.Count >= 7, s_patience, () => $"{asked.Count} requests");

        var waits = asked.Zip(asked.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalSeconds).ToList();
        Assert.InRange(waits[0], 0, 0.25);
        Assert.InRange(waits[1], 0.29, 0.6);
        Assert.InRange(waits[2], 0.99, 1.3);
        Assert.InRange(waits[3], 0.99, 1.3);
        Assert.InRange(waits[4], 0.99, 1.3);
        Assert.InRange(waits[5], 2.3, 3.3);
        AudioChecks.Compare(mp3.Frames, FrameSplitter.Mp3(await File.ReadAllBytesAsync(program.PathOf(program.FilesOf("x").Single()), TestContext.Current.CancellationToken))).IsWhole();
    }

    [Fact]
    public async Task A_killed_encoder_leaves_a_gap_that_is_known_and_files_that_are_whole()
    {
        await using var icecast = await IcecastServer.StartAsync();
        var feeder = await icecast.FeedAsync("/x.mp3");
        using var directory = new TemporaryDirectory();
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, TestSettings.Stream("x", directory.File("rec"), icecast.Url("/x.mp3")));
        await WaitForAudioAsync(program, seconds: 11);

        feeder.Kill();
        await program.WaitForAsync("x", s => s.State == SourceState.Waiting && s.Retries >= 2);
        await icecast.FeedAsync("/x.mp3", seed: 7);
        await program.WaitForAsync("x", s => s.State == SourceState.Recording);
        await program.WaitForJournalAsync(j => j.OfType<GapFound>().Any() && j.OfType<FileOpened>().Count() == 2);
        await program.StopAsync();

        await AssertOneGapAsync(program, "closed the connection", "ended");
        Assert.Contains(program.Log, line => line.Contains("WARNING  [x] ", StringComparison.Ordinal) && line.Contains("has no such stream now (404)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_server_leaves_a_gap_that_is_known_and_files_that_are_whole()
    {
        await using var icecast = await IcecastServer.StartAsync();
        await icecast.FeedAsync("/x.mp3");
        using var directory = new TemporaryDirectory();
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, TestSettings.Stream("x", directory.File("rec"), icecast.Url("/x.mp3")));
        await WaitForAudioAsync(program, seconds: 11);

        icecast.Kill();
        await program.WaitForAsync("x", s => s.State == SourceState.Waiting && s.Retries >= 2);
        await icecast.RestartAsync();
        await icecast.FeedAsync("/x.mp3", seed: 7);
        await program.WaitForAsync("x", s => s.State == SourceState.Recording);
        await program.WaitForJournalAsync(j => j.OfType<GapFound>().Any() && j.OfType<FileOpened>().Count() == 2);
        await program.StopAsync();

        await AssertOneGapAsync(program, "", "ended", "broken");

        // The first attempt may still have met the server's death.
        Assert.True(
            program.Log.Any(line => line.Contains("refuses connections (nothing listens there)", StringComparison.Ordinal) || line.Contains("reset by peer", StringComparison.Ordinal)),
            string.Join('\n', program.Log));
    }

    private static Task WaitForAudioAsync(RunningProgram program, double seconds) =>
        program.WaitForAsync("x", s => s.Bytes > seconds * 16_000);

    private static async Task AssertOneGapAsync(RunningProgram program, string sentence, params string[] causes)
    {
        var files = program.FilesOf("x");
        var closed = program.Journal.OfType<FileClosed>().ToList();
        var gap = program.Journal.OfType<GapFound>().Single();
        Assert.Equal(2, files.Count);
        Assert.Equal(2, files.DistinctBy(f => f.File, StringComparer.Ordinal).Count());
        Assert.Contains(closed[0].How, causes, StringComparer.Ordinal);
        Assert.Equal(closed[0].How, gap.Cause);
        Assert.Contains(sentence, gap.Sentence, StringComparison.Ordinal);
        Assert.Equal(closed[0].End, gap.From);
        Assert.Equal(files[1].Start, gap.To);
        Assert.Equal((gap.To - gap.From).TotalSeconds, gap.Seconds, 0.001);
        Assert.InRange(gap.Seconds, 0.1, 20);
        Assert.Equal((closed[0].End - files[0].Start).TotalSeconds, closed[0].Samples / 44100.0, 0.1);
        foreach (var file in files)
        {
            await AudioChecks.PassesMp3valAsync(program.PathOf(file));
        }

        await AudioChecks.DecodesSilentlyAsync(files.Select(program.PathOf));
    }
}
