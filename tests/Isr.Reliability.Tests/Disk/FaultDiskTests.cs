using System.Text;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Disk;

/// <summary>The disk itself does what it is told; otherwise the tests on it would prove nothing.</summary>
public sealed class FaultDiskTests
{
    private static readonly byte[] s_block = Encoding.ASCII.GetBytes(new string('a', 10_000));

    [Fact]
    public async Task It_fails_as_told_and_works_again()
    {
        using var directory = new TemporaryDirectory();
        await using var disk = await FaultDisk.MountAsync(directory.File("disk"));
        var path = Path.Combine(disk.Path, "x");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        foreach (var (command, reason) in new[] { ("eio", "Input/output"), ("enospc", "No space"), ("readonly", "Read-only") })
        {
            await disk.SetAsync(command);
            Assert.Contains(reason, Assert.ThrowsAny<IOException>(() => file.Write(s_block)).Message, StringComparison.Ordinal);
        }

        await disk.SetAsync("denied");
        file.Write(s_block);
        Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(path + "2", "x"));
        await disk.SetAsync("ok");
        file.Write(s_block);
        Assert.Equal(20_000, new FileInfo(Path.Combine(disk.Backing, "x")).Length);
    }

    [Fact]
    public async Task A_power_loss_takes_what_was_not_synced()
    {
        // The kernel may write back sooner, as it may with any disk: what counts is that it need not.
        const int Tries = 5;
        for (var i = 1; ; i++)
        {
            var left = await LoseAsync();
            Assert.Contains(("x", true), left.Select(file => (file.Name, file.Length >= s_block.Length)));
            if (left.Count == 1 && left[0].Length == s_block.Length)
            {
                return;
            }

            Assert.True(i < Tries, $"{Tries} times all was written back at once: {string.Join(", ", left)}");
        }
    }

    /// <summary>What is left of 10,000 bytes that were synced, 10,000 more and another file, which were not.</summary>
    private static async Task<List<(string Name, long Length)>> LoseAsync()
    {
        using var directory = new TemporaryDirectory();
        await using var disk = await FaultDisk.MountAsync(directory.File("disk"), isVolatile: true);
        var path = Path.Combine(disk.Path, "x");
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(file, s_block, 0);
        Isr.Recording.Interop.LibC.SyncFileSystem(file);
        RandomAccess.Write(file, s_block, s_block.Length);
        using var other = File.OpenHandle(path + "2", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(other, s_block, 0);

        await disk.SetAsync("power");

        return [.. new DirectoryInfo(disk.Backing).GetFiles().Select(f => (f.Name, f.Length))];
    }
}
