using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program from its start to its end, in order or not.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("run", nameof(Signal.Terminate))]
    [InlineData("run", nameof(Signal.Interrupt))]
    [InlineData("record", nameof(Signal.Terminate))]
    [InlineData("record", nameof(Signal.Interrupt))]
    public async Task A_signal_finishes_every_file(string command, string signal)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StationAsync();
        await ConfigureAsync(directory, server, sources: 3);

        await using var process = IsrProcess.Start(directory, command == "run" ? "run --port 0" : command);
        await Wait.UntilAsync(() => process.Status.Active.Count == 3, s_patience, () => process.Output);
        var result = await StopAsync(process, Enum.Parse<Signal>(signal), limit: 5);

        Assert.Contains("All files are finished", result.Text, StringComparison.Ordinal);
        await AssertFinishedAsync(process, files: 3);
    }

    [Fact]
    public async Task A_signal_finishes_every_file_though_clients_hold_on()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StationAsync();
        await ConfigureAsync(directory, server);
        Directory.CreateDirectory(directory.File("recordings"));
        await using (var big = new FileStream(directory.File("recordings", "big.mp3"), FileMode.CreateNew))
        {
            big.SetLength(100 << 20);
        }

        await using var process = IsrProcess.Start(directory, "--port 0");
        var page = await process.PageAsync();
        await process.RecordingAsync();
        using var events = await AskAsync(page, "/api/events");
        using var slow = await AskAsync(page, "/stream/big.mp3");
        using var idle = await AskAsync(page, "/api/config");

        var began = Stopwatch.GetTimestamp();
        var stopping = StopAsync(process, Signal.Terminate, limit: 5);
        await Wait.UntilAsync(() => process.Journal.Any(e => e is ProgramStopped), s_patience, "the recorder does not end");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 5);
        await stopping;

        await AssertFinishedAsync(process, files: 1);
    }

    [Fact]
    public async Task A_second_recorder_on_the_same_folder_is_refused()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StationAsync();
        await ConfigureAsync(directory, server);
        await using var first = IsrProcess.Start(directory, "record");
        await first.RecordingAsync();

        var second = await IsrProcess.RunAsync(directory, "record");
        var third = await IsrProcess.RunAsync(directory, "run --port 0");

        Assert.Equal((1, 1), (second.ExitCode, third.ExitCode));
        Assert.StartsWith("Another isr records with the state directory ", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", third.All, StringComparison.Ordinal);
        await StopAsync(first, Signal.Terminate, limit: 5);
        Assert.Single(first.Journal.OfType<ProgramStarted>());
    }

    [Fact]
    public async Task Killed_it_loses_about_a_second_and_the_file_plays()
    {
        using var directory = new TemporaryDirectory();
        var mp3 = await TestAudio.Mp3Async();
        var sent = 0;
        await using var server = new FaultServer();
        server.Map("/live0", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendFramesAsync(Counted(mp3.Frames), mp3.PerFrame, burstSeconds: 4);
        });
        await ConfigureAsync(directory, server);

        await using var process = IsrProcess.Start(directory, "record");
        var file = await process.RecordingAsync(bytes: 200_000);
        process.Signal(Signal.Kill);
        await process.WaitAsync();
        var before = Volatile.Read(ref sent);

        var path = Path.Combine(process.Folder, file);
        var recorded = FrameSplitter.Mp3(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        AudioChecks.Compare(mp3.Frames, recorded).IsWhole();
        Assert.InRange((before - recorded.Count) * mp3.PerFrame.TotalSeconds, 0, 2);
        var decoded = await Processes.RunAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-f", "null", "-"]);
        Assert.Equal("", decoded.All);

        // The next start goes on beside it.
        await using var next = IsrProcess.Start(directory, "record");
        await Wait.UntilAsync(() => next.Journal.OfType<FileOpened>().Count() == 2, s_patience, () => next.Output);
        await StopAsync(next, Signal.Terminate, limit: 5);
        Assert.Equal(recorded.Count, FrameSplitter.Mp3(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Count);

        IEnumerable<ReadOnlyMemory<byte>> Counted(IEnumerable<ReadOnlyMemory<byte>> frames)
        {
            foreach (var frame in frames)
            {
                Interlocked.Increment(ref sent);
                yield return frame;
            }
        }
    }

    [Fact]
    public async Task A_step_of_the_clock_begins_a_new_file_under_the_new_time()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StationAsync();
        await ConfigureAsync(directory, server);
        var clock = directory.File("clock");
        await File.WriteAllTextAsync(clock, "offset 0\nsynchronised yes\n", TestContext.Current.CancellationToken);

        await using var process = IsrProcess.Start(directory, "record", (TestClock.Variable, clock));
        await process.RecordingAsync();
        await File.WriteAllTextAsync(clock + ".new", "offset 86400\nsynchronised yes\n", TestContext.Current.CancellationToken);
        File.Move(clock + ".new", clock, overwrite: true);
        await Wait.UntilAsync(() => process.Journal.OfType<FileOpened>().Count() == 2, s_patience, () => process.Output);
        await StopAsync(process, Signal.Terminate, limit: 5);

        var opened = process.Journal.OfType<FileOpened>().ToList();
        Assert.InRange(process.Journal.OfType<ClockStepped>().Single().Seconds, 86399, 86401);
        Assert.InRange((opened[1].Start - opened[0].Start).TotalSeconds, 86400, 86430);
        Assert.InRange((NameTime(opened[1]) - NameTime(opened[0])).TotalSeconds, 86400, 86430);
        Assert.Equal(GapCause.Clock, process.Journal.OfType<FileClosed>().First().How);
        Assert.Empty(process.Journal.OfType<GapFound>());
        Assert.Contains("The system clock was set by +8", process.Output, StringComparison.Ordinal);
        var mp3 = await TestAudio.Mp3Async();
        AudioChecks.Compare(mp3.Frames, FrameSplitter.Mp3(await File.ReadAllBytesAsync(Path.Combine(process.Folder, opened[0].File), TestContext.Current.CancellationToken))).IsWhole();
    }

    [Fact]
    public async Task The_page_alone_shows_what_the_recorder_alone_records()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await StationAsync();
        await ConfigureAsync(directory, server);
        await using var recorder = IsrProcess.Start(directory, "record");
        var file = await recorder.RecordingAsync();
        await using var web = IsrProcess.Start(directory, "web --port 0");
        var page = await web.PageAsync();

        Assert.Contains($"\"active\"", (await RawHttp.AskAsync(page.Port, "GET", "/api/status")).Text, StringComparison.Ordinal);
        Assert.Contains(file, (await RawHttp.AskAsync(page.Port, "GET", "/api/files")).Text, StringComparison.Ordinal);
        Assert.True((await RawHttp.AskAsync(page.Port, "GET", $"/stream/{file}")).Body.Length > 20_000);
        recorder.Signal(Signal.Kill);
        await recorder.WaitAsync();
        Assert.Equal("""{"active": []}""", (await RawHttp.AskAsync(page.Port, "GET", "/api/status")).Text);

        await StopAsync(web, Signal.Interrupt, limit: 5);
    }

    [Fact]
    public async Task Open_to_all_it_says_where_the_page_is()
    {
        using var directory = new TemporaryDirectory();
        await using var web = IsrProcess.Start(directory, "web --host 0.0.0.0 --no-auth --port 0");

        var page = await web.PageAsync();

        Assert.Equal("localhost", page.Host);
        Assert.Equal("[]", (await RawHttp.AskAsync(page.Port, "GET", "/api/files")).Text);
        await StopAsync(web, Signal.Terminate, limit: 5);
    }

    [Fact]
    public async Task The_demo_records_itself_with_no_configuration()
    {
        using var directory = new TemporaryDirectory();
        await using var demo = IsrProcess.Start(directory, "demo --port 0");
        var page = await demo.PageAsync();
        var file = await demo.RecordingAsync();

        Assert.Contains(file, (await RawHttp.AskAsync(page.Port, "GET", "/api/files")).Text, StringComparison.Ordinal);
        Assert.Equal(SourceState.Recording, demo.Status.Sources!.Single().State);
        await StopAsync(demo, Signal.Interrupt, limit: 5);
        await AssertFinishedAsync(demo, files: demo.Journal.OfType<FileOpened>().Count());
    }

    private static async Task<FaultServer> StationAsync()
    {
        var mp3 = await TestAudio.Mp3Async();
        var server = new FaultServer();
        for (var i = 0; i < 3; i++)
        {
            server.Map($"/live{i}", async c =>
            {
                await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
                await c.SendLiveAsync(mp3, burstSeconds: 3);
            });
        }

        return server;
    }

    private static Task ConfigureAsync(TemporaryDirectory directory, FaultServer server, int sources = 1) => File.WriteAllTextAsync(
        directory.File("config.ini"),
        "[general]\ntype = stream\n" + string.Concat(Enumerable.Range(0, sources).Select(i => $"[source {i}]\nurl = {server.Url($"/live{i}")}\noutput_directory = recordings/{i}\n")),
        TestContext.Current.CancellationToken);

    private static async Task<ProcessResult> StopAsync(IsrProcess process, Signal signal, double limit)
    {
        var asked = Stopwatch.GetTimestamp();
        process.Signal(signal);
        var result = await process.WaitAsync();
        Assert.True(result.ExitCode == 0, result.All);
        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 0, limit);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        return result;
    }

    private static async Task AssertFinishedAsync(IsrProcess process, int files)
    {
        var closed = process.Journal.OfType<FileClosed>().ToList();
        Assert.Equal(files, process.Journal.OfType<FileOpened>().Count());
        Assert.Equal(files, closed.Count);
        Assert.Equal(files, process.Journal.OfType<FileSealed>().Count());
        Assert.IsType<ProgramStopped>(process.Journal[^1]);
        Assert.Contains("\"active\": []", await File.ReadAllTextAsync(Path.Combine(process.Folder, "status.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var path in closed.Select(c => Path.Combine(process.Folder, c.File)))
        {
            await AudioChecks.PassesMp3valAsync(path);
            await AudioChecks.DecodesSilentlyAsync(path);
        }
    }

    /// <summary>Asks, takes the beginning of the answer, and then does nothing.</summary>
    private static async Task<Socket> AskAsync(Uri page, string target)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", page.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), TestContext.Current.CancellationToken);
        Assert.True(await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken) > 0);
        return socket;
    }

    private static DateTime NameTime(FileOpened file) =>
        DateTime.ParseExact(Path.GetFileNameWithoutExtension(file.File), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
}
