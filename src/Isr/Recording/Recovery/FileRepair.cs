using System.Globalization;
using Isr.Audio.Mending;
using Isr.Recording.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Recovery;

/// <summary>What became of one file.</summary>
/// <param name="Plan">What it needed, and what is in it now.</param>
/// <param name="Length">Its bytes before.</param>
/// <param name="KeptAs">Where the bytes that were cut off are, relative to the state directory; null when there were none.</param>
internal readonly record struct RepairResult(MendPlan Plan, long Length, string? KeptAs)
{
    public bool IsNeeded => Plan.Refusal is null && !Plan.IsEmptyFor(Length);

    public long Cut => Math.Max(0, Length - Plan.Keep);
}

/// <summary>
/// Mends files in place. What is cut off is kept in the state directory first, and durable before anything changes; a crash
/// in between leaves a file that the next run mends. Files that need nothing are only read.
/// </summary>
internal sealed class FileRepair(string stateDirectory)
{
    private const int BlockBytes = 64 * 1024;
    private const int MaxNames = 1000;
    private const int MaxNameChars = 150;

    public static string DirectoryOf(string stateDirectory) => Path.Combine(stateDirectory, "torn");

    /// <summary>Mends a file if it needs it. Throws what the disk says.</summary>
    /// <param name="path">The file; no link.</param>
    /// <param name="name">What it is called among the recordings.</param>
    /// <param name="isLeftOpen">As <see cref="FileMender.Plan"/> has it.</param>
    /// <param name="isDryRun">Only find out what it needs.</param>
    /// <param name="progress">Told how far reading has come, in bytes.</param>
    /// <param name="cancellationToken">Stops reading; once a file is being changed, that is finished.</param>
    public RepairResult Mend(string path, string name, bool isLeftOpen, bool isDryRun, Action<long>? progress, CancellationToken cancellationToken)
    {
        if (!LibC.IsRegularFile(path))
        {
            throw new IOException($"{path} is no regular file");
        }

        var tornName = TornName(name);
        RepairResult result;
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            var length = RandomAccess.GetLength(file);
            int Read(long offset, Span<byte> destination)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(offset);
                return RandomAccess.Read(file, destination, offset);
            }

            // A run that was broken off has kept the end of this file, which is still there.
            var plan = FileMender.Plan(Path.GetExtension(path).ToLowerInvariant(), Read, length, isLeftOpen || HasTorn(tornName));
            result = new RepairResult(plan, length, null);
        }

        return !result.IsNeeded || isDryRun ? result : Apply(path, tornName, result);
    }

    private RepairResult Apply(string path, string tornName, RepairResult found)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) != found.Length)
        {
            throw new IOException($"{path} is being written by somebody: it grew while it was read");
        }

        var keptAs = found.Cut > 0 ? Keep(file, tornName, found.Plan.Keep, found.Length) : null;
        foreach (var patch in found.Plan.Patches)
        {
            RandomAccess.Write(file, patch.Bytes, patch.Offset);
        }

        RandomAccess.FlushToDisk(file);
        RandomAccess.SetLength(file, found.Plan.Keep);
        RandomAccess.FlushToDisk(file);
        return found with { KeptAs = keptAs };
    }

    private bool HasTorn(string tornName)
    {
        var directory = DirectoryOf(stateDirectory);
        return Directory.Exists(directory) && Directory.EnumerateFiles(directory, tornName + ".*").Any();
    }

    private string Keep(SafeFileHandle file, string tornName, long from, long to)
    {
        var directory = Directory.CreateDirectory(DirectoryOf(stateDirectory)).FullName;
        var (path, torn) = Create(directory, tornName + "." + from.ToString(CultureInfo.InvariantCulture));
        using (torn)
        {
            var block = new byte[BlockBytes];
            for (var at = from; at < to;)
            {
                var read = RandomAccess.Read(file, block.AsSpan(0, (int)Math.Min(block.Length, to - at)), at);
                if (read == 0)
                {
                    throw new IOException("the file became shorter while it was read");
                }

                RandomAccess.Write(torn, block.AsSpan(0, read), at - from);
                at += read;
            }

            // Its name must be durable, too.
            LibC.SyncFileSystem(torn);
        }

        return Path.GetRelativePath(stateDirectory, path);
    }

    private static (string Path, SafeFileHandle Handle) Create(string directory, string name)
    {
        for (var i = 1; ; i++)
        {
            var path = Path.Combine(directory, i == 1 ? name : $"{name}_{i}");
            try
            {
                return (path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write));
            }
            catch (IOException) when (i < MaxNames && Path.Exists(path))
            {
            }
        }
    }

    /// <summary>One name without folders; the end of a long one, which tells more than its beginning. No wildcards.</summary>
    private static string TornName(string name)
    {
        var flat = name.TrimStart('/').Replace("/", "__", StringComparison.Ordinal).Replace('*', '_').Replace('?', '_');
        return (flat.Length > MaxNameChars ? flat[^MaxNameChars..] : flat).TrimStart('.');
    }
}
