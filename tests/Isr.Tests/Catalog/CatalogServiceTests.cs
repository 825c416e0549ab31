using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog;

public sealed class CatalogServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();
    private CatalogRig? _rig;

    private CatalogRig Rig => _rig ??= new CatalogRig(Folder, Path.Combine(Folder, ".isr"), TimeProvider.System, isKept: true);

    private string Folder => _directory.File("rec");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
        {
            await _rig.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task What_others_do_in_the_folder_is_listed_by_itself()
    {
        await MakeAsync("a.mp3");
        await Rig.StartAsync();

        await MakeAsync("b.mp3");
        await ListsAsync("a.mp3", "b.mp3");
        var before = (await Rig.ListedAsync()).Single(i => i.Name == "b.mp3").Duration;
        await MakeAsync("b.mp3", frames: 50);
        await UntilAsync(async () => (await Rig.ListedAsync()).Single(i => i.Name == "b.mp3").Duration < before);
        File.Move(Path.Combine(Folder, "b.mp3"), Path.Combine(Folder, "c.mp3"));
        await ListsAsync("a.mp3", "c.mp3");
        File.Delete(Path.Combine(Folder, "a.mp3"));
        await ListsAsync("c.mp3");
    }

    [Fact]
    public async Task Folders_that_come_and_go_are_followed_with_all_in_them()
    {
        await MakeAsync("a.mp3", ".hidden/x.mp3");
        await MakeAsync("../elsewhere/deep/b.mp3");
        await Rig.StartAsync();

        Directory.Move(_directory.File("elsewhere"), Path.Combine(Folder, "moved"));
        await ListsAsync("a.mp3", "moved/deep/b.mp3");
        await MakeAsync("moved/deep/c.mp3", "2026/05/23/d.mp3");
        await ListsAsync("2026/05/23/d.mp3", "a.mp3", "moved/deep/b.mp3", "moved/deep/c.mp3");
        Directory.Move(Path.Combine(Folder, "moved"), Path.Combine(Folder, "again"));
        await MakeAsync("again/deep/e.mp3");
        await ListsAsync("2026/05/23/d.mp3", "a.mp3", "again/deep/b.mp3", "again/deep/c.mp3", "again/deep/e.mp3");
        Directory.Move(Path.Combine(Folder, "again"), _directory.File("elsewhere"));
        await ListsAsync("2026/05/23/d.mp3", "a.mp3");
        Directory.Delete(Path.Combine(Folder, "2026"), recursive: true);
        await ListsAsync("a.mp3");
    }

    [Fact]
    public async Task A_folder_that_is_made_later_or_made_again_is_followed()
    {
        await Rig.StartAsync();
        Assert.Empty(await Rig.ListedAsync());

        await MakeAsync("a.mp3");
        await ListsAsync("a.mp3");
        Directory.Delete(Folder, recursive: true);
        await ListsAsync();
        await MakeAsync("b.mp3");
        await ListsAsync("b.mp3");
        await MakeAsync("c.mp3");
        await ListsAsync("b.mp3", "c.mp3");
    }

    [Fact]
    public async Task A_file_that_another_program_keeps_open_grows_in_the_list()
    {
        var sound = await TestAudio.Mp3Async();
        Directory.CreateDirectory(Folder);
        await Rig.StartAsync();
        await using var file = new FileStream(Path.Combine(Folder, "a.mp3"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(sound.Bytes(0, 50));
        await ListsAsync("a.mp3");

        file.Write(sound.Bytes(50, 50));

        await UntilAsync(async () => (await Rig.ListedAsync())[0] is { Size: var size } && size == file.Length);
    }

    [Fact]
    public async Task The_journal_is_followed()
    {
        await MakeAsync("a.mp3");
        await Rig.StartAsync();

        JournalFiles.Append(
            Path.Combine(Folder, ".isr"),
            new FileOpened("radio", "a.mp3", DateTimeOffset.UnixEpoch, "Mpeg", 44100, 2, null) { At = DateTimeOffset.UnixEpoch });
        await UntilAsync(async () => (await Rig.ListedAsync())[0].Source == "radio");
        JournalFiles.Append(
            Path.Combine(Folder, ".isr"),
            new StartCorrected("a.mp3", DateTimeOffset.UnixEpoch.AddYears(50)) { At = DateTimeOffset.UnixEpoch });

        await UntilAsync(async () => (await Rig.ListedAsync())[0].Started?.Year == 2020);
    }

    [Fact]
    public async Task A_recording_that_was_begun_a_moment_ago_is_found()
    {
        await MakeAsync("a.mp3");
        await Rig.ListAsync();

        await MakeAsync("b.mp3", "deep/c.mp3");
        Directory.CreateSymbolicLink(Path.Combine(Folder, "link"), Path.Combine(Folder, "deep"));
        File.CreateSymbolicLink(Path.Combine(Folder, "inside.mp3"), "deep/c.mp3");
        File.CreateSymbolicLink(Path.Combine(Folder, "outside.mp3"), "/dev/zero");

        foreach (var name in new[] { "b.mp3", "deep/c.mp3", "inside.mp3" })
        {
            Assert.Equal(name, (await Rig.Catalog.FindAsync(name, TestContext.Current.CancellationToken))?.Name);
        }

        foreach (var name in new[] { "link/c.mp3", "outside.mp3", "deep", "deep/", "/b.mp3", "deep//c.mp3", "deep/../b.mp3", "b.mp3/", "b.mp3\0", "\ud800.mp3", new string('x', 5000) + ".mp3" })
        {
            Assert.Null(await Rig.Catalog.FindAsync(name, TestContext.Current.CancellationToken));
        }
    }

    private async Task MakeAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await MakeAsync(name, frames: 100);
        }
    }

    private async Task MakeAsync(string name, int frames)
    {
        var path = Path.GetFullPath(Path.Combine(Folder, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, (await TestAudio.Mp3Async()).Bytes(0, frames));
    }

    private Task ListsAsync(params string[] names) => UntilAsync(async () => names.SequenceEqual(await NamesAsync(), StringComparer.Ordinal));

    private async Task<IEnumerable<string>> NamesAsync() => (await Rig.ListedAsync()).Where(i => i.Duration > 0).Select(i => i.Name).Order(StringComparer.Ordinal);

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        var last = "";
        await Wait.UntilAsync(
            async () =>
            {
                last = string.Join('\n', await Rig.ListedAsync());
                return await condition();
            },
            s_patience,
            () => $"listed is\n{last}\n{string.Join('\n', Rig.Log.All)}");
    }
}
