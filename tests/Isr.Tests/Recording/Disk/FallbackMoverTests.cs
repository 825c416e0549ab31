using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Disk;

public sealed class FallbackMoverTests : IAsyncLifetime
{
    private static readonly DateTime s_modified = new(2026, 5, 23, 13, 0, 0, DateTimeKind.Utc);

    private readonly RecordingHarness _harness = new("2026-05-23T12:30:00Z");
    private readonly TemporaryDirectory _elsewhere = new();
    private SmallDisk? _disk;

    private string Fallback => _elsewhere.File("fallback");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_harness.Folder);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await (_disk?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _harness.DisposeAsync();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_is_moved_with_its_time_and_never_over_another(bool isOtherDisk)
    {
        var file = await RecordedAsync("a/b.mp3", isOtherDisk);
        Directory.CreateDirectory(_harness.PathOf("a"));
        await File.WriteAllTextAsync(_harness.PathOf("a/b.mp3"), "another", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(_harness.PathOf("a/b_2.mp3"), _harness.PathOf("nowhere"));

        Assert.Null(_harness.Mover.TryMove(file, Fallback, _harness.Folder, () => false));
        await _harness.FinishAsync();

        Assert.False(File.Exists(file));
        Assert.Equal("another", await File.ReadAllTextAsync(_harness.PathOf("a/b.mp3"), TestContext.Current.CancellationToken));
        Assert.Equal("sound", await File.ReadAllTextAsync(_harness.PathOf("a/b_3.mp3"), TestContext.Current.CancellationToken));
        Assert.Equal(s_modified, File.GetLastWriteTimeUtc(_harness.PathOf("a/b_3.mp3")));
        Assert.Equal((file, "a/b_3.mp3"), (Assert.Single(_harness.Entries<FileMoved>()).File, _harness.Entries<FileMoved>()[0].To));
        Assert.Equal(3, Directory.GetFileSystemEntries(_harness.PathOf("a")).Length);
    }

    [Fact]
    public async Task A_crash_between_copy_and_deletion_doubles_nothing()
    {
        var file = await RecordedAsync("a.mp3", isOtherDisk: true);
        File.Copy(file, _harness.PathOf("a.mp3"));

        Assert.Null(_harness.Mover.TryMove(file, Fallback, _harness.Folder, () => false));
        await _harness.FinishAsync();

        Assert.False(File.Exists(file));
        Assert.Equal(["a.mp3"], [.. _harness.Files().Select(f => Path.GetFileName(f))]);
        Assert.Equal("a.mp3", Assert.Single(_harness.Entries<FileMoved>()).To);
    }

    [Fact]
    public async Task What_earlier_runs_left_is_found_when_it_is_finished_and_ours()
    {
        var left = await RecordedAsync("left.mp3", isOtherDisk: false);
        var open = Path.Combine(Fallback, "open.mp3");
        _harness.Services.Ledger.Append(new FileOpened("radio", open, _harness.Now, "MpegLayer3", 44100, 2, null));
        await File.WriteAllTextAsync(open, "half", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Fallback, "foreign.mp3"), "foreign", TestContext.Current.CancellationToken);

        // Moved, written down, not deleted; and moved, not written down.
        var copied = await RecordedAsync("copied.mp3", isOtherDisk: false);
        File.Copy(copied, _harness.PathOf("copied.mp3"));
        _harness.Services.Ledger.Append(new FileMoved(copied, "copied.mp3"));
        var renamed = await RecordedAsync("renamed.mp3", isOtherDisk: false);
        File.Move(renamed, _harness.PathOf("renamed.mp3"));
        await JournalAsync(() => _harness.Entries<FileMoved>().Count == 1);

        Assert.Equal([left], _harness.Mover.FindLeft(Fallback, _harness.Folder, () => false));
        await _harness.FinishAsync();

        Assert.False(File.Exists(copied));
        Assert.Equal(["copied.mp3", "renamed.mp3"], _harness.Entries<FileMoved>().ConvertAll(m => m.To));
        Assert.True(File.Exists(open));
    }

    [Fact]
    public async Task A_start_takes_up_what_was_left()
    {
        var left = await RecordedAsync("left.mp3", isOtherDisk: false);
        await JournalAsync(() => _harness.Entries<FileClosed>().Count == 1);
        _harness.AddSource(FrameSupplies.Numbered, fallback: Fallback);
        _harness.Services.Places.TakeUp();

        await Wait.UntilAsync(() => !File.Exists(left), TimeSpan.FromSeconds(10), "it is moved");
        Assert.True(File.Exists(_harness.PathOf("left.mp3")));
    }

    [Fact]
    public async Task A_disk_without_room_for_a_copy_keeps_its_room()
    {
        _disk = await SmallDisk.MountAsync(_harness.PathOf("small"), 1024);
        var file = await RecordedAsync("a.mp3", isOtherDisk: false);
        await File.WriteAllBytesAsync(file, new byte[1000 * 1024], TestContext.Current.CancellationToken);

        Assert.StartsWith("too little room", _harness.Mover.TryMove(file, Fallback, _disk.Path, () => false), StringComparison.Ordinal);
        Assert.True(File.Exists(file));
        Assert.Empty(Directory.GetFileSystemEntries(_disk.Path));
        Assert.Equal("the program ends", _harness.Mover.TryMove(await RecordedAsync("b.mp3", isOtherDisk: false), Fallback, _disk.Path, () => true));
        Assert.Empty(Directory.GetFileSystemEntries(_disk.Path));
    }

    private Task JournalAsync(Func<bool> isWritten) => Wait.UntilAsync(
        () =>
        {
            _harness.Advance(0.1);
            return isWritten();
        },
        TimeSpan.FromSeconds(10),
        "the journal is written");

    /// <summary>A finished file in the fallback, as the journal has it.</summary>
    private async Task<string> RecordedAsync(string name, bool isOtherDisk)
    {
        if (isOtherDisk)
        {
            _disk ??= await SmallDisk.MountAsync(Fallback, 1024);
        }

        var path = Path.Combine(Fallback, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "sound", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, s_modified);
        _harness.Services.Ledger.Append(new FileOpened("radio", path, _harness.Now, "MpegLayer3", 44100, 2, null));
        _harness.Services.Ledger.Append(new FileClosed("radio", path, _harness.Now, 1152, 5, "split"));
        return path;
    }
}
