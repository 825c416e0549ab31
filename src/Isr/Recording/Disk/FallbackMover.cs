using System.Buffers;
using Isr.Recording.Interop;
using Isr.Recording.Journal;

namespace Isr.Recording.Disk;

/// <summary>
/// Moves finished files from a fallback directory to where they belong, and never over another file. Within a file
/// system a file is renamed; else it is copied under a hidden name, made durable, given its name, and only then is
/// the original deleted. What a crash interrupts is found from the journal and finished by the next start.
/// </summary>
internal sealed partial class FallbackMover(RecordingFolder folder, Ledger ledger, string stateDirectory, ILogger logger)
{
    private const int MaxNames = 10_000;
    private const int BlockBytes = 1024 * 1024;

    /// <summary>Files in a fallback directory that the journal knows as finished and not as moved, as full paths.</summary>
    public List<string> FindLeft(string fallback, string output, Func<bool> isStopping)
    {
        var left = new List<string>();
        try
        {
            if (!Directory.Exists(fallback) || !Directory.EnumerateFileSystemEntries(fallback).Any())
            {
                return left;
            }

            foreach (var (path, known) in ReadJournal(fallback, isStopping))
            {
                if (known.To is not null)
                {
                    DeleteIfCopied(path, known.To);
                }
                else if (known.IsFinished && LibC.IsRegularFile(path))
                {
                    left.Add(path);
                }
                else if (known.IsFinished && FindMoved(path, fallback, output, known.Bytes) is { } to)
                {
                    Tell(path, to);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotFound(fallback, e.Message);
        }

        return left;
    }

    /// <summary>Null when it is where it belongs, or is gone; else why it is not.</summary>
    public string? TryMove(string path, string fallback, string output, Func<bool> isStopping)
    {
        try
        {
            if (!LibC.IsRegularFile(path))
            {
                // Somebody else moved or deleted it.
                return File.Exists(path) ? "it is no file any more" : null;
            }

            var target = Path.Combine(output, Path.GetRelativePath(fallback, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            for (var i = 1; i <= MaxNames; i++)
            {
                var to = Numbered(target, i);
                if (LibC.IsRegularFile(to) && IsCopyOf(path, to))
                {
                    // A crash came between the copy and the deletion.
                    Told(path, to);
                    File.Delete(path);
                    return null;
                }

                switch (LibC.Rename(path, to))
                {
                    case RenameOutcome.Done:
                        Told(path, to);
                        return null;
                    case RenameOutcome.Taken:
                        continue;
                    default:
                        if (LibC.IdentityOf(to) is not null)
                        {
                            continue;
                        }

                        return CopyAndDelete(path, to, isStopping);
                }
            }

            return $"{MaxNames} files of that name exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The last is EFBIG: that disk takes no file so large.
            return e.Message;
        }
    }

    private string? CopyAndDelete(string path, string to, Func<bool> isStopping)
    {
        // Always the same name: what a crash left of it is overwritten.
        var temporary = Path.Combine(Path.GetDirectoryName(to)!, $".{Path.GetFileName(path)}.moving");
        var isDone = false;
        try
        {
            if (OutputProbe.Shortage(Path.GetDirectoryName(to)!, new FileInfo(path).Length) is { } shortage)
            {
                return shortage;
            }

            if (!TryCopy(path, temporary, isStopping))
            {
                return "the program ends";
            }

            if (!TryName(temporary, to))
            {
                return $"{to} was taken meanwhile";
            }

            isDone = true;
            Told(path, to);
            File.Delete(path);
            return null;
        }
        finally
        {
            if (!isDone)
            {
                File.Delete(temporary);
            }
        }
    }

    private static bool TryCopy(string path, string temporary, Func<bool> isStopping)
    {
        var modified = File.GetLastWriteTimeUtc(path);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var from = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            using var into = FreshFile.Open(temporary);
            var position = 0L;
            while (RandomAccess.Read(from, block, position) is > 0 and var read)
            {
                if (isStopping())
                {
                    return false;
                }

                RandomAccess.Write(into, block.AsSpan(0, read), position);
                position += read;
            }

            File.SetLastWriteTimeUtc(into, modified);
            RandomAccess.FlushToDisk(into);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Where a file system cannot rename without replacing, an empty file of our own holds the name first.</summary>
    private static bool TryName(string temporary, string to)
    {
        var outcome = LibC.Rename(temporary, to);
        if (outcome == RenameOutcome.NotSupported)
        {
            try
            {
                File.OpenHandle(to, FileMode.CreateNew, FileAccess.Write).Dispose();
            }
            catch (IOException) when (Path.Exists(to))
            {
                return false;
            }

            File.Move(temporary, to, overwrite: true);
            return true;
        }

        return outcome == RenameOutcome.Done;
    }

    private void Told(string path, string to)
    {
        Tell(path, to);
        LogMoved(path, to);
    }

    private void Tell(string path, string to) => ledger.Append(new FileMoved(folder.NameOf(path), folder.NameOf(to)));

    /// <summary>A crash came after the move was written down, and before the original was deleted.</summary>
    private static void DeleteIfCopied(string path, string to)
    {
        if (LibC.IsRegularFile(path) && LibC.IsRegularFile(to) && IsCopyOf(path, to))
        {
            File.Delete(path);
        }
    }

    /// <summary>A crash came after the file was moved, and before that was written down: it is known by its name and length.</summary>
    private static string? FindMoved(string path, string fallback, string output, long bytes)
    {
        var target = Path.Combine(output, Path.GetRelativePath(fallback, path));
        for (var i = 1; i <= MaxNames && Numbered(target, i) is var to && File.Exists(to); i++)
        {
            if (new FileInfo(to).Length == bytes)
            {
                return to;
            }
        }

        return null;
    }

    private static bool IsCopyOf(string path, string other)
    {
        using var one = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var two = File.OpenHandle(other, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(one) != RandomAccess.GetLength(two))
        {
            return false;
        }

        var blocks = new byte[2 * BlockBytes];
        var (first, second) = (blocks.AsMemory(0, BlockBytes), blocks.AsMemory(BlockBytes));
        for (var position = 0L; ; position += BlockBytes)
        {
            var read = RandomAccess.Read(one, first.Span, position);
            if (read != RandomAccess.Read(two, second.Span, position) || !first.Span[..read].SequenceEqual(second.Span[..read]))
            {
                return false;
            }

            if (read < BlockBytes)
            {
                return true;
            }
        }
    }

    private static string Numbered(string path, int number) => number == 1 ? path
        : Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}_{number}{Path.GetExtension(path)}");

    private Dictionary<string, Known> ReadJournal(string fallback, Func<bool> isStopping)
    {
        var known = new Dictionary<string, Known>(StringComparer.Ordinal);
        foreach (var entry in JournalReader.Days(stateDirectory).TakeWhile(_ => !isStopping()).SelectMany(JournalReader.Read))
        {
            switch (entry)
            {
                case FileOpened opened when PathIn(opened.File) is { } path:
                    known[path] = new Known(false, 0, null);
                    break;
                case FileClosed closed when PathIn(closed.File) is { } path:
                    known[path] = new Known(true, closed.Bytes, null);
                    break;
                case FileMoved moved when PathIn(moved.File) is { } path && known.TryGetValue(path, out var file):
                    known[path] = file with { To = Path.Combine(folder.Path, moved.To) };
                    break;
            }
        }

        return known;

        string? PathIn(string name)
        {
            var path = Path.Combine(folder.Path, name);
            return path.StartsWith(fallback + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
        }
    }

    private readonly record struct Known(bool IsFinished, long Bytes, string? To);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} was moved to {To}")]
    private partial void LogMoved(string file, string to);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What earlier runs left in {Fallback} cannot be found: {Reason}")]
    private partial void LogNotFound(string fallback, string reason);
}
