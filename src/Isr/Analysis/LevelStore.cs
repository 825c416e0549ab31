using System.Security.Cryptography;
using System.Text;
using Isr.Audio.Levels;

namespace Isr.Analysis;

/// <summary>
/// Level files: one for each recording, at its relative path in a folder of their own. They are no more than a copy of what the
/// recording says itself: what is absent or does not fit is computed again.
/// </summary>
internal sealed class LevelStore(AnalysisOptions options)
{
    public const string Extension = ".levels";

    /// <summary>Levels of a recording were kept; raised by whoever did it.</summary>
    public event Action<string>? Kept;

    /// <summary>The recording's path relative to the recordings folder; null when it lies outside, and so has no level file.</summary>
    public string? NameOf(string path)
    {
        var name = Path.GetRelativePath(options.Folder, path);
        return PathOf(name) is null ? null : name;
    }

    /// <summary>Where the recording of that name lies.</summary>
    public string RecordingOf(string name) => Path.Combine(options.Folder, name);

    /// <summary>Replaces the recording's levels; whoever reads finds the old ones or these. False when there are too many to be kept.</summary>
    /// <exception cref="IOException">Also when the name does not fit the file system.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public bool Write(string relativePath, long size, DateTime modifiedUtc, RecordingLevels levels)
    {
        if (LevelFile.TryWrite(levels, new RecordingKey(size, modifiedUtc)) is not { } file)
        {
            return false;
        }

        Write(relativePath, file);
        return true;
    }

    /// <summary>The same with a level file that is made already.</summary>
    /// <exception cref="IOException">Also when the name does not fit the file system.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Write(string relativePath, ReadOnlySpan<byte> levelFile)
    {
        var path = PathOf(relativePath) ?? throw new ArgumentException("No name of a recording.", nameof(relativePath));
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);

        // Short, whatever the name's length, and the same again after a crash.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(relativePath)).AsSpan(0, 12));
        var temporary = Path.Combine(folder, $".{hash}.tmp");
        try
        {
            File.WriteAllBytes(temporary, levelFile);
            File.Move(temporary, path, overwrite: true);
            Kept?.Invoke(relativePath);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>The recording's levels; null when there are none, when they are damaged, or when they are of other bytes than it has now.</summary>
    public RecordingLevels? TryRead(string relativePath, long size, DateTime modifiedUtc)
    {
        using var file = TryOpen(relativePath);
        if (file is null || TryReadAll(file, 0, file.Length) is not { } bytes)
        {
            return null;
        }

        return LevelFile.TryRead(bytes, out var key, out var levels) && key == new RecordingKey(size, modifiedUtc) ? levels : null;
    }

    /// <summary>The same, of the RMS alone, without reading the rest.</summary>
    public LevelRms? TryReadRms(string relativePath, long size, DateTime modifiedUtc)
    {
        using var file = TryOpen(relativePath);
        if (file is null
            || TryReadAll(file, 0, Math.Min(file.Length, LevelFileHead.MaxBytes)) is not { } bytes
            || !LevelFileHead.TryRead(bytes, out var head)
            || head.Key != new RecordingKey(size, modifiedUtc)
            || head.WindowSamples != RecordingLevels.WindowOf(head.SampleRate)
            || !LevelFile.TryFindRms(head, file.Length, out var offset, out var length)
            || TryReadAll(file, offset, length) is not { } plane
            || LevelFile.TryReadRms(head, plane) is not { } rms
            || !LevelFile.TryFindDamage(head, out offset, out length)
            || TryReadAll(file, offset, length) is not { } damage
            || !LevelFile.TryReadDamage(head, damage, out var damagedFrom))
        {
            return null;
        }

        return new LevelRms(head.SampleRate, head.WindowSamples, head.Samples, rms, damagedFrom);
    }

    /// <summary>The recording's levels as a part of a run, read as they are wanted; null where there are none. The caller disposes it.</summary>
    public LevelFilePart? TryOpenPart(string relativePath, long size, DateTime modifiedUtc, DateTime startUtc)
    {
        if (PathOf(relativePath) is not { } path)
        {
            return null;
        }

        try
        {
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return LevelFilePart.TryRead(relativePath, file, new RecordingKey(size, modifiedUtc), startUtc);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The recording is gone: so are its levels. Also those that the program before this one kept there.</summary>
    public void Remove(string relativePath)
    {
        if (PathOf(relativePath) is { } path)
        {
            TryDelete(path);
            TryDelete(path[..^Extension.Length] + ".analysis.json");
            TryDelete(Path.ChangeExtension(path[..^Extension.Length], ".analysis.json"));
        }
    }

    /// <summary>
    /// The recording has another name: its levels, which tell of its bytes, go with it rather than be measured again. Where that cannot be, or there are
    /// some under the new name, they stay: they are measured again, and orphans go by themselves.
    /// </summary>
    public void Move(string from, string to)
    {
        if (PathOf(from) is not { } old || PathOf(to) is not { } path || !File.Exists(old) || File.Exists(path))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(old, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }

        Kept?.Invoke(to);
    }

    /// <summary>Where the level file of that name is; null for a name that leads out of the folder or is none.</summary>
    internal string? PathOf(string relativePath)
    {
        if (relativePath.Length == 0 || relativePath.Contains('\0', StringComparison.Ordinal) || relativePath.Split('/').Any(part => part is "" or "." or ".."))
        {
            return null;
        }

        return Path.Combine(options.LevelDirectory, relativePath + Extension);
    }

    private FileStream? TryOpen(string relativePath)
    {
        if (PathOf(relativePath) is not { } path)
        {
            return null;
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.CanSeek && file.Length <= LevelFile.MaxBytes)
            {
                return file;
            }

            file.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[]? TryReadAll(FileStream file, long offset, long length)
    {
        try
        {
            var bytes = new byte[length];
            file.Position = offset;
            return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The reason why it could not be written is on its way already; the next attempt takes the same name.
        }
    }
}
