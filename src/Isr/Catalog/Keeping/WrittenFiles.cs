using Isr.Recording.Interop;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Tells whether a file is being written, by what it is and not by what it is called: the files that status.json names, whatever recorder wrote
/// that, and the files that this process has open to write, which it may have begun since.
/// </summary>
internal sealed class WrittenFiles(KeepingOptions options, ActiveFiles active)
{
    /// <summary>Every one, without asking twice what each leads to.</summary>
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = 0 };

    // O_WRONLY and O_RDWR.
    private const int AccessBits = 3;

    public bool Contains(FileIdentity file) =>
        active.Read().Names.Any(name => LibC.IdentityBehind(Path.Combine(options.Folder, name)) is { } other && other.IsSameFile(file)) || IsOpen(file);

    private static bool IsOpen(FileIdentity file) => Directory.EnumerateFileSystemEntries("/proc/self/fd", "*", s_all)
        .Any(path => LibC.IdentityBehind(path) is { } other && other.IsSameFile(file) && IsForWriting(Path.GetFileName(path)));

    /// <summary>proc_pid_fdinfo(5): "flags:" and the file's flags, octal.</summary>
    private static bool IsForWriting(string descriptor)
    {
        try
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{descriptor}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & AccessBits) != 0;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Closed this moment.
            return false;
        }
    }
}
