using System.Diagnostics;
using System.Text.Json;
using Isr.Recording.Status;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Status;

public sealed class StatusFileTests
{
    [Theory]
    [InlineData("""[null]""", """[]""")]
    [InlineData("""[]""", """[null]""")]
    [InlineData("""[]""", """[{"name": null, "type": "stream"}]""")]
    [InlineData("""[]""", """[{"name": "a", "type": "stream"}, {"name": "a", "type": "stream"}]""")]
    [InlineData("""null""", """null""")]
    [InlineData("""["a.mp3"]""", """[{"name": "a", "type": "stream"}]""", true)]
    public void What_no_recorder_writes_is_no_status(string active, string sources, bool isSound = false)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(
            directory.File(RecorderStatus.FileName),
            $$"""{"active": {{active}}, "sources": {{sources}}, "pid": {{Environment.ProcessId}}, "updated": "{{TimeProvider.System.GetUtcNow():O}}"}""");

        Assert.Equal(isSound, RecorderStatus.Read(directory.Path, TimeProvider.System).Pid is not null);
    }

    [Fact]
    public async Task A_pipe_in_its_place_holds_nobody_up()
    {
        using var directory = new TemporaryDirectory();
        await Processes.CheckAsync("mkfifo", [directory.File(RecorderStatus.FileName)]);

        var status = await Task.Run(() => RecorderStatus.Read(directory.Path, TimeProvider.System), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Null(status.Pid);
    }

    [Fact]
    public async Task Active_are_exactly_the_files_that_are_open()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var first = harness.AddSource(await FrameSupplies.Mp3Async(), "first", splitMinutes: 0.25, pattern: "first/%H%M%S");
        var second = harness.AddSource(await FrameSupplies.Mp3Async(), "second", pattern: "second/%H%M%S");

        Assert.Empty(Active());
        first.Connect();
        first.Play(2);
        await UntilActiveAsync("first/123000.mp3");
        second.Connect();
        second.Play(2);
        await UntilActiveAsync("first/123000.mp3", "second/123002.mp3");
        first.Play(14);
        await UntilActiveAsync("first/123015.mp3", "second/123002.mp3");
        second.Disconnect();
        await UntilActiveAsync("first/123015.mp3");
        await harness.FinishAsync();
        Assert.Empty(Active());

        IReadOnlyList<string> Active()
        {
            harness.Services.Status.Write();
            var status = RecorderStatus.Read(harness.Folder, harness.Time);
            Assert.Equal(Environment.ProcessId, status.Pid);
            return status.Active;
        }

        Task UntilActiveAsync(params string[] names) =>
            Wait.UntilAsync(() => Active().SequenceEqual(names, StringComparer.Ordinal), TimeSpan.FromSeconds(10), () => string.Join(' ', Active()));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_status()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        harness.AddSource(FrameSupplies.Numbered);
        harness.Services.Status.Write();
        var path = harness.PathOf(RecorderStatus.FileName);
        using var stop = new CancellationTokenSource();

        var writing = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    harness.Services.Status.Write();
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 500; i++)
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
            Assert.Equal("UTC", document.RootElement.GetProperty("zone").GetString());
        }

        await stop.CancelAsync();
        await writing;
        Assert.Equal([RecorderStatus.FileName], [.. harness.Files().Select(f => Path.GetFileName(f))]);
    }

    [Fact]
    public async Task An_old_status_or_one_of_a_dead_process_is_nobodys()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        harness.Services.Status.Write();
        Assert.NotNull(RecorderStatus.Read(harness.Folder, harness.Time).Pid);

        harness.Advance(59);
        Assert.NotNull(RecorderStatus.Read(harness.Folder, harness.Time).Pid);
        harness.Advance(2);
        Assert.Null(RecorderStatus.Read(harness.Folder, harness.Time).Pid);

        harness.Services.Status.Write();
        using var dead = Process.Start(new ProcessStartInfo("true"))!;
        await dead.WaitForExitAsync(TestContext.Current.CancellationToken);
        var path = harness.PathOf(RecorderStatus.FileName);
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, text.Replace($"\"pid\": {Environment.ProcessId}", $"\"pid\": {dead.Id}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Null(RecorderStatus.Read(harness.Folder, harness.Time).Pid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"pid": "x"}""")]
    [InlineData("""{"active": null, "pid": 1, "updated": "2026-05-23T12:30:00Z"}""")]
    public void Damage_is_nobodys_status(string text)
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.File(RecorderStatus.FileName), text);

        var status = RecorderStatus.Read(folder.Path, new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero)));

        Assert.Empty(status.Active);
    }

    [Fact]
    public void A_folder_without_one_has_an_empty_status()
    {
        using var folder = new TemporaryDirectory();

        Assert.Null(RecorderStatus.Read(folder.File("none"), TimeProvider.System).Pid);
    }

    [Fact]
    public async Task It_is_written_soon_after_a_change()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        var source = harness.AddSource(FrameSupplies.Numbered);
        using var stop = new CancellationTokenSource();
        var running = harness.Services.Status.RunAsync(stop.Token);

        source.Monitor.Update(s => s with { Title = "a new song" });
        await Wait.UntilAsync(
            () =>
            {
                harness.Advance(0.1);
                return RecorderStatus.Read(harness.Folder, harness.Time).Sources?[0].Title == "a new song";
            },
            TimeSpan.FromSeconds(1.5),
            "the title in status.json");

        await stop.CancelAsync();
        await running;
    }
}
