using Isr.Catalog;
using Isr.Recording.Recovery;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Recovery;

public sealed class FileRepairTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_cut_off_is_kept_and_a_second_run_changes_nothing()
    {
        var (path, torn) = await TornAsync("a/b.mp3", "mp3", 90_000);

        var result = Mend(path, "a/b.mp3");
        var mended = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var written = File.GetLastWriteTimeUtc(path);
        var again = Mend(path, "a/b.mp3");

        Assert.True(result.IsNeeded);
        Assert.Equal($"torn/a__b.mp3.{mended.Length}", result.KeptAs);
        byte[] joined = [.. mended, .. await File.ReadAllBytesAsync(_directory.File("state", result.KeptAs!), TestContext.Current.CancellationToken)];
        Assert.Equal(torn, joined);
        Assert.False(again.IsNeeded);
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var (path, torn) = await TornAsync("a.flac", "flac", 300_000);

        var result = Mend(path, "a.flac", isDryRun: true);

        Assert.True(result.IsNeeded);
        Assert.Equal(torn, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_directory.File("state")));
    }

    [Fact]
    public async Task A_WAV_file_that_an_old_recorder_left_without_sizes_gets_its_length()
    {
        var (path, torn) = await TornAsync("old.wav", "wav", 44 + 4 * 44100 + 3);
        var data = torn.AsSpan().IndexOf("data"u8);
        torn.AsSpan(4, 4).Clear();
        torn.AsSpan(data + 4, 4).Clear();
        await File.WriteAllBytesAsync(path, torn, TestContext.Current.CancellationToken);

        var result = Mend(path, "old.wav");

        Assert.Equal((torn.Length - data - 8) / 4, result.Plan.Samples);
        Assert.Equal((double)result.Plan.Samples / 44100, DurationReader.Read(path, ".wav").Seconds);
        Assert.Equal(result.Plan.Samples, await AudioChecks.CountAsync(path));
    }

    [Fact]
    public async Task A_link_is_not_followed()
    {
        var (path, _) = await TornAsync("a.mp3", "mp3", 90_000);
        var link = _directory.File("link.mp3");
        File.CreateSymbolicLink(link, path);

        Assert.Throws<IOException>(() => Mend(link, "link.mp3"));
    }

    private RepairResult Mend(string path, string name, bool isDryRun = false) => new FileRepair(_directory.File("state"))
        .Mend(path, name, isLeftOpen: false, isDryRun, progress: null, TestContext.Current.CancellationToken);

    private async Task<(string Path, byte[] Bytes)> TornAsync(string name, string format, int length)
    {
        var bytes = (await TestAudio.CodedAsync(format))[..length];
        var path = _directory.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        return (path, bytes);
    }
}
