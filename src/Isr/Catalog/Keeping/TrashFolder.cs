using System.Globalization;
using System.Text.Json;
using Isr.Naming;
using Isr.Recording.Disk;
using Isr.Recording.Interop;

namespace Isr.Catalog.Keeping;

/// <summary>
/// The trash: the hidden folder .trash of the recordings folder, on the same disk, so that a recording gets there and back by a rename. Each lies there
/// under a name of its own, with a JSON file beside it that says what it was, which is written first: a crash in between leaves the
/// recording where it was. There is no other index. Whoever holds the state directory changes it.
/// </summary>
internal sealed class TrashFolder(KeepingOptions options, TimeProvider time)
{
    /// <summary>So long a recording can be taken back.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private const string FolderName = ".trash";
    private const int MaxNames = 10_000;
    private const int MaxDescriptionBytes = 64 * 1024;

    /// <summary>A folder. A link in its place leads to somebody's files, which are no trash.</summary>
    private bool IsOwn => new DirectoryInfo(Root) is { Exists: true } root && (root.Attributes & FileAttributes.ReparsePoint) == 0;

    private string Root => Path.Combine(options.Folder, FolderName);

    /// <summary>The newest first.</summary>
    public List<TrashItem> Items()
    {
        if (!IsOwn)
        {
            return [];
        }

        try
        {
            return [.. Directory.EnumerateFiles(Root)
                .Where(path => RecordingScan.IsAudioName(Path.GetFileName(path)) && LibC.IsRegularFile(path))
                .Select(Describe)
                .OrderByDescending(item => item.Deleted).ThenByDescending(item => item.Id, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is none yet, or it is not ours to read.
            return [];
        }
    }

    /// <exception cref="IOException">The trash cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The trash cannot be read.</exception>
    public TrashItem? Find(string id) => MarkRules.IsId(id) && IsOwn && PathOf(id) is { } path ? Describe(path) : null;

    /// <summary>Takes a recording in; null when it lies on another disk.</summary>
    /// <exception cref="IOException">It is where it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It is where it was.</exception>
    public TrashItem? Take(ScannedFile file, DeleteRecording request, string why)
    {
        Directory.CreateDirectory(Root);
        if (!IsOwn)
        {
            throw new IOException($"{Root} is a link, and what is deleted stays in the recordings folder: put a folder in its place.");
        }

        var now = time.GetUtcNow();
        var item = new TrashItem
        {
            Id = FreeId(now),
            Name = file.Name,
            Deleted = time.GetLocalNow(),
            By = request.By,
            Why = why,
            Size = file.Size,
            Mtime = (double)(file.Mtime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
            Source = request.Source,
            Started = request.From,
            Until = now + KeptFor,
        };
        var description = DescriptionOf(item.Id);
        var isTaken = false;
        try
        {
            using (var described = FreshFile.Open(description))
            {
                RandomAccess.Write(described, JsonSerializer.SerializeToUtf8Bytes(item, KeepingJson.Default.TrashItem), 0);
            }

            isTaken = TryMove(file.Path, Path.Combine(Root, item.Id + file.Extension));
            return isTaken ? item : null;
        }
        finally
        {
            if (!isTaken)
            {
                File.Delete(description);
            }
        }
    }

    /// <summary>Puts a recording back, under a name with _2 where its own is taken; its name now, or null when there is no place for it.</summary>
    /// <exception cref="IOException">It is in the trash still.</exception>
    /// <exception cref="UnauthorizedAccessException">It is in the trash still.</exception>
    public string? Restore(TrashItem item)
    {
        var path = PathOf(item.Id);
        var folder = Path.GetDirectoryName(item.Name)!;
        if (path is null || !RecordingScan.IsListedName(item.Name) || !TryMakeFolders(folder))
        {
            return null;
        }

        for (var i = 1; i <= MaxNames; i++)
        {
            var name = i == 1 ? item.Name
                : Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(item.Name)}_{i}{Path.GetExtension(item.Name)}"));
            if (TryMove(path, Path.Combine(options.Folder, name)))
            {
                File.Delete(DescriptionOf(item.Id));
                return name;
            }
        }

        return null;
    }

    /// <exception cref="IOException">It is in the trash still.</exception>
    /// <exception cref="UnauthorizedAccessException">It is in the trash still.</exception>
    public void Purge(TrashItem item)
    {
        if (PathOf(item.Id) is { } path)
        {
            File.Delete(path);
        }

        File.Delete(DescriptionOf(item.Id));
    }

    /// <summary>Removes what a crash left of descriptions whose recordings are not here.</summary>
    public void Tidy()
    {
        if (!IsOwn)
        {
            return;
        }

        var ids = Items().Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Root, "*.json").Where(path => !ids.Contains(Path.GetFileNameWithoutExtension(path))))
        {
            File.Delete(path);
        }
    }

    private string DescriptionOf(string id) => Path.Combine(Root, id + ".json");

    private string? PathOf(string id) => Directory.EnumerateFiles(Root, id + ".*").FirstOrDefault(
        path => Path.GetFileNameWithoutExtension(path) == id && RecordingScan.IsAudioName(Path.GetFileName(path)) && LibC.IsRegularFile(path));

    private string FreeId(DateTimeOffset now)
    {
        var stem = now.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        for (var i = 1; ; i++)
        {
            var id = i == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}_{i}");
            if (!File.Exists(DescriptionOf(id)) && !FileNameDate.Extensions.Any(extension => Path.Exists(Path.Combine(Root, id + extension))))
            {
                return id;
            }
        }
    }

    /// <summary>What stands beside it; without that, it still has a name and can be restored by it.</summary>
    private TrashItem Describe(string path)
    {
        var file = new FileInfo(path);
        var id = Path.GetFileNameWithoutExtension(path);
        var modified = new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
        var unknown = new TrashItem
        {
            Id = id,
            Name = file.Name,
            Deleted = modified,
            Size = file.Length,
            Mtime = (double)(modified - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
            Until = time.GetUtcNow() + KeptFor,
        };
        try
        {
            var description = new FileInfo(DescriptionOf(id));
            // What others laid there may be a pipe, that never ends.
            return LibC.IsRegularFile(description.FullName) && description.Length <= MaxDescriptionBytes
                && JsonSerializer.Deserialize(File.ReadAllBytes(description.FullName), KeepingJson.Default.TrashItem) is { Name: not null } known
                ? known with { Id = id, Size = file.Length, Until = known.Deleted + KeptFor }
                : unknown;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            return unknown;
        }
    }

    /// <summary>Makes the folders that a name needs; false where a link or a file is in the way.</summary>
    private bool TryMakeFolders(string folder)
    {
        var path = options.Folder;
        foreach (var part in folder.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            if (Path.Exists(path) ? (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != FileAttributes.Directory : File.Exists(path))
            {
                return false;
            }

            Directory.CreateDirectory(path);
        }

        return true;
    }

    /// <summary>Renames without ever replacing anything; false when the name is taken or on another disk.</summary>
    private static bool TryMove(string path, string to)
    {
        switch (LibC.Rename(path, to))
        {
            case RenameOutcome.Done:
                return true;
            case RenameOutcome.NotSupported when LibC.FileSystemOf(path) == LibC.FileSystemOf(Path.GetDirectoryName(to)!):
                try
                {
                    // An empty file of our own holds the name.
                    File.OpenHandle(to, FileMode.CreateNew, FileAccess.Write).Dispose();
                }
                catch (IOException) when (Path.Exists(to))
                {
                    return false;
                }

                File.Move(path, to, overwrite: true);
                return true;
            default:
                return false;
        }
    }
}
