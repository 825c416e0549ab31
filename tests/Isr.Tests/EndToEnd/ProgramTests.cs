using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program, recording a live station.</summary>
[SideBySide]
public sealed class ProgramTests(LiveStation station)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_probe_tells_the_live_mount_from_the_dead_one()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()), ("dead", new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/dead.mp3")));

        var result = await IsrProgram.RunAsync(folder, "check", "--probe");

        Assert.Equal(1, result.ExitCode);
        var rows = result.Text.Split('\n').SkipWhile(l => !l.StartsWith("source  format", StringComparison.Ordinal)).ToList();
        Assert.Matches("^live +MP3 12[0-9] kbit/s 44.1 kHz stereo .* ok$", rows[1]);
        Assert.StartsWith("dead    -", rows[2], StringComparison.Ordinal);
        Assert.Empty(folder.Files());
    }

    [Theory]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Interrupt)]
    internal async Task A_signal_finishes_everything_though_clients_hang_on(Signal signal)
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("one", await station.UrlAsync()), ("two", await station.UrlAsync()));
        await using var program = IsrProgram.Start(folder, ["run"], withPage: true);
        await program.UntilServingAsync();
        await program.UntilRecordingAsync(folder, files: 2);
        using (var large = File.Create(folder.File("recordings", "20200101_000000.wav")))
        {
            large.SetLength(256 << 20);
        }

        await program.UntilListedAsync("20200101_000000.wav");
        using var events = await AskAsync(program, "/api/events");
        using var download = await AskAsync(program, "/stream/20200101_000000.wav");

        var (result, took) = await program.EndAsync(signal);

        TestContext.Current.SendDiagnosticMessage("{0} took {1:0.00} s", signal, took.TotalSeconds);
        Assert.Equal(0, result.ExitCode);
        Assert.InRange(took, TimeSpan.Zero, IsrProgram.EndsWithin / 2);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.IsType<ProgramStopped>(folder.Journal()[^1]);
        Assert.Equal(2, folder.Entries<FileSealed>().Count);
        Assert.All(folder.Entries<FileClosed>(), closed => Assert.Equal(new FileInfo(folder.File("recordings", closed.File)).Length, closed.Bytes));
        foreach (var file in folder.Files().Where(f => Path.GetExtension(f) == ".mp3"))
        {
            await AudioChecks.PassesMp3valAsync(file);
            await AudioChecks.DecodesSilentlyAsync(file);
        }
    }

    [Fact]
    public async Task A_second_recorder_is_refused_and_the_first_never_notices()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using var first = IsrProgram.Start(folder, ["record"]);
        await first.UntilRecordingAsync(folder);

        var second = await IsrProgram.RunAsync(folder, "record");
        var (result, _) = await first.EndAsync(Signal.Terminate);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("Another isr (process ", second.Errors, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
        Assert.Single(folder.Files());
        Assert.Single(folder.Entries<ProgramStarted>());
    }

    [Fact]
    public async Task A_kill_loses_little_and_what_is_there_plays()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using var tap = await RawTap.StartAsync(await station.UrlAsync());
        await using var program = IsrProgram.Start(folder, ["record"]);
        await program.UntilRecordingAsync(folder);
        await tap.WaitForBytesAsync(tap.Length + 4 * 16_000, s_patience);

        var sent = FrameSplitter.Mp3FromMiddle(tap.Body);
        program.Kill();
        await program.WaitAsync(s_patience);

        var file = Assert.Single(folder.Files());
        var recorded = FrameSplitter.Mp3(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), allowCutEnd: true);
        var later = FrameSplitter.Mp3FromMiddle(tap.Body);
        var comparison = AudioChecks.Compare(later, recorded);
        var lost = (sent.Count - 1 - comparison.Last) * 1152 / 44100.0;
        TestContext.Current.SendDiagnosticMessage("A kill lost {0:0.00} s", lost);
        comparison.IsWhole();
        Assert.InRange(lost, -1, 1.5);
        await DecodesAsync(file);
    }

    [Fact]
    public async Task After_a_kill_the_next_run_goes_on_beside_the_old_file()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using (var killed = IsrProgram.Start(folder, ["record"]))
        {
            await killed.UntilRecordingAsync(folder);
            killed.Kill();
            await killed.WaitAsync(s_patience);
        }

        var old = Assert.Single(folder.Files());
        var bytes = await File.ReadAllBytesAsync(old, TestContext.Current.CancellationToken);
        await using var next = IsrProgram.Start(folder, ["record"]);
        await next.UntilRecordingAsync(folder, files: 2);
        var (result, _) = await next.EndAsync(Signal.Terminate);

        Assert.Equal(0, result.ExitCode);

        // The old one is finished, too; its frames are as they were.
        Assert.Equal(FrameSplitter.Mp3(bytes, allowCutEnd: true), FrameSplitter.Mp3(await File.ReadAllBytesAsync(old, TestContext.Current.CancellationToken)), (a, b) => a.Span.SequenceEqual(b.Span));
        await AudioChecks.PassesMp3valAsync(Assert.Single(folder.Files(), f => f != old));
    }

    [Fact]
    public async Task A_clock_that_is_set_begins_a_new_file_under_the_new_time()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        var clock = folder.File("clock");
        await File.WriteAllTextAsync(clock, "offset 0\nsynchronised yes\n", TestContext.Current.CancellationToken);
        await using var program = IsrProgram.Start(folder, ["record"], environment: new Dictionary<string, string>(StringComparer.Ordinal) { [TestClock.Variable] = clock });
        await program.UntilRecordingAsync(folder);

        await File.WriteAllTextAsync(clock + ".new", "offset 3600\nsynchronised yes\n", TestContext.Current.CancellationToken);
        File.Move(clock + ".new", clock, overwrite: true);
        await program.UntilRecordingAsync(folder, files: 2);
        var (result, _) = await program.EndAsync(Signal.Terminate);

        Assert.Equal(0, result.ExitCode);
        Assert.InRange(Assert.Single(folder.Entries<ClockStepped>()).Seconds, 3599, 3601);
        var (first, second) = (folder.Entries<FileOpened>()[0], folder.Entries<FileOpened>()[1]);
        Assert.InRange((NamedTime(second) - NamedTime(first)).TotalSeconds, 3600, 3620);
        Assert.Equal(GapCause.Clock, folder.Entries<FileClosed>()[0].How);
        Assert.True(AudioChecks.Compare(Frames(folder, first), Frames(folder, second)).First < 0);
    }

    [Fact]
    public async Task Recorder_and_page_may_be_two_processes()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using var recorder = IsrProgram.Start(folder, ["record"]);
        await using var page = IsrProgram.Start(folder, ["web", "--dir", "recordings"], withPage: true);
        await recorder.UntilRecordingAsync(folder);
        await page.UntilServingAsync();

        await page.UntilListedAsync("\"recording\":true");
        var name = "live/" + Path.GetFileName(Assert.Single(folder.Files()));
        var served = await page.Http.GetByteArrayAsync(new Uri("/stream/" + name, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(0, recorder.ListeningPorts());
        Assert.Equal(1, page.ListeningPorts());
        Assert.InRange(FrameSplitter.Mp3(served, allowCutEnd: true).Count, 30, 10_000);
        Assert.Equal(0, (await page.EndAsync(Signal.Terminate)).Result.ExitCode);
        Assert.Equal(0, (await recorder.EndAsync(Signal.Terminate)).Result.ExitCode);
    }

    /// <summary>Asks, and reads no more than the beginning of the answer.</summary>
    private static async Task<TcpClient> AskAsync(IsrProgram program, string path)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", program.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
        var beginning = new byte[12];
        await client.GetStream().ReadExactlyAsync(beginning, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(beginning));
        return client;
    }

    private static async Task DecodesAsync(string file)
    {
        var result = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", file, "-f", "null", "-"]);
        Assert.Equal("", result.Errors);
    }

    private static List<ReadOnlyMemory<byte>> Frames(ProgramFolder folder, FileOpened opened) =>
        RecordingHarness.FramesOf(folder.File("recordings", opened.File));

    private static DateTime NamedTime(FileOpened opened) => DateTime.ParseExact(
        Path.GetFileNameWithoutExtension(opened.File), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
}
