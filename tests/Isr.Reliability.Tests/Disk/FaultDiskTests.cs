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

        var left = Assert.Single(new DirectoryInfo(disk.Backing).GetFiles());
        Assert.Equal(("x", s_block.Length), (left.Name, (int)left.Length));
    }
}
