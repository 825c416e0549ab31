namespace Isr.Tests.Support;

/// <summary>A file system of a few megabytes, to be filled; only root can have one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one on a new folder; skips the test where that is not allowed.</summary>
    public static async Task<SmallDisk> MountAsync(string path, int kilobytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small file system");
        Directory.CreateDirectory(path);
        var mounted = await Processes.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path]);
        Assert.SkipUnless(mounted.ExitCode == 0, $"no small file system can be mounted here: {mounted.All.Trim()}");
        return new SmallDisk(path);
    }

    /// <summary>Leaves not a byte free; the path of the file that takes it all.</summary>
    public string Fill()
    {
        var path = System.IO.Path.Combine(Path, "ballast");
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            return path;
        }
    }

    public async ValueTask DisposeAsync() => await Processes.RunAsync("umount", ["-l", Path]);
}
