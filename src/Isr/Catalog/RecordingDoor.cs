using Isr.Recording.Interop;

namespace Isr.Catalog;

/// <summary>
/// The one way by which a request comes to the bytes of a recording. It opens the file and asks the kernel where that really is, so that
/// no link, laid when and where ever, leads out of the recordings folder.
/// </summary>
internal sealed class RecordingDoor(CatalogOptions options)
{
    /// <summary>
    /// Opens a recording, by the name that it is listed under, to be read while others write or remove it. Null when there is none, when it
    /// may not be read, and when it lies outside: the same to the caller.
    /// </summary>
    public FileStream? TryOpen(string name)
    {
        if (!RecordingScan.IsListedName(name) || LibC.RealPath(options.Folder) is not { } root)
        {
            return null;
        }

        var path = Path.Combine(options.Folder, name);
        FileStream? file = null;
        try
        {
            // Opening a pipe would wait for its other end.
            if (!LibC.IsRegularFile(LibC.RealPath(path) ?? path))
            {
                return null;
            }

            file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            var truth = new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
            if (file.CanSeek && truth is not null && IsInside(truth, root) && RecordingScan.IsAudioName(truth))
            {
                return file;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted since it was listed, or not readable.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Nothing hidden, even where a link leads to it: there are the program's own files.</summary>
    private static bool IsInside(string path, string root) =>
        path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal) && !path.AsSpan(root.Length).Contains("/.", StringComparison.Ordinal);
}
