namespace Isr.Access;

/// <summary>Files that nobody but their owner may read.</summary>
internal static class SecretFile
{
    public const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

#pragma warning disable CA1416 // The program runs on Linux alone.
    /// <summary>Makes the folder, and those above it that are not there, for their owner alone.</summary>
    public static void MakeFolder(string path) => Directory.CreateDirectory(path, FolderMode);

    /// <summary>Replaces the file as a whole, or leaves it as it was.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
#pragma warning restore CA1416
}
