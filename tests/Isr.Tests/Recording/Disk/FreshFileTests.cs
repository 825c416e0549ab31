using Isr.Catalog.Keeping;
using Isr.Recording.Disk;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Disk;

/// <summary>What another user laid into a shared folder under the names that are written there.</summary>
public sealed class FreshFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public FreshFileTests()
    {
        Directory.CreateDirectory(_directory.File("rec"));
        File.WriteAllText(Precious, "precious");
    }

    private string Precious => _directory.File("precious");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Nothing_is_written_through_a_link()
    {
        File.CreateSymbolicLink(_directory.File("rec", "x.new"), Precious);

        FreshFile.Replace(_directory.File("rec", "x"), _directory.File("rec", "x.new"), "content"u8);

        Assert.Equal(("content", "precious"), (File.ReadAllText(_directory.File("rec", "x")), File.ReadAllText(Precious)));
        Assert.Null(new FileInfo(_directory.File("rec", "x")).LinkTarget);
        Assert.Single(Directory.GetFiles(_directory.File("rec")));
    }

    [Fact]
    public async Task The_status_the_marker_and_the_probe_leave_alone_what_links_under_their_names_lead_to()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        foreach (var name in (string[])[".status.json.new", ".isr-recordings.new", OutputProbe.Name])
        {
            Directory.CreateDirectory(harness.Folder);
            File.CreateSymbolicLink(Path.Combine(harness.Folder, name), Precious);
        }

        harness.Services.Status.Write();
        new RecordingsMarker(new KeepingOptions(harness.Folder, _directory.File("state"))).Make();
        Assert.Null(OutputProbe.Try(harness.Folder, null));

        Assert.Equal("precious", File.ReadAllText(Precious));
        Assert.Null(new FileInfo(Path.Combine(harness.Folder, "status.json")).LinkTarget);
        Assert.True(new FileInfo(Path.Combine(harness.Folder, ".isr-recordings")).Length > 8);
    }

    [Fact]
    public async Task A_pipe_in_its_place_holds_nobody_up()
    {
        await Processes.CheckAsync("mkfifo", [_directory.File("rec", "x.new")]);

        await Task.Run(() => FreshFile.Replace(_directory.File("rec", "x"), _directory.File("rec", "x.new"), "content"u8), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal("content", File.ReadAllText(_directory.File("rec", "x")));
    }
}
