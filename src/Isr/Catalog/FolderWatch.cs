using System.Buffers.Binary;
using System.Text;
using Isr.Catalog.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isr.Catalog;

/// <summary>What a <see cref="FolderWatch"/> saw since it was last asked.</summary>
internal sealed record FolderChanges
{
    /// <summary>Recordings that came, went or were changed, by name.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Recordings that were begun, and not closed yet by whoever writes them.</summary>
    public HashSet<string> Begun { get; } = new(StringComparer.Ordinal);

    /// <summary>Folders came or went, or events were lost: only a walk tells what there is.</summary>
    public bool IsWalkNeeded { get; set; }

    /// <summary>Something was written to the journal.</summary>
    public bool IsJournalWritten { get; set; }
}

/// <summary>
/// Watches the recordings folder with all folders in it, and the journal's. Never waits: it is asked for what was seen.
/// </summary>
internal sealed class FolderWatch(string folder, string journal) : IDisposable
{
    private const uint Wanted = INotify.Create | INotify.CloseWrite | INotify.Attributes | INotify.MovedFrom | INotify.MovedTo | INotify.Delete
        | INotify.DeleteSelf | INotify.MoveSelf | INotify.OnlyFolders;

    private const int None = -1;

    private readonly SafeFileHandle? _notify = INotify.TryOpen();
    private readonly Dictionary<int, string> _folders = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _root = None;
    private int _journal = None;

    /// <summary>Every folder is watched. Otherwise only walking tells what changes.</summary>
    public bool IsComplete { get; private set; }

    public bool IsJournalWatched => _journal >= 0;

    /// <summary>
    /// Begins, and begins anew where a folder has come, or another has taken its place (a disk was mounted). True when it
    /// watches something else than before: what is there must be read. The kernel does not tell of a folder that was
    /// deleted while files in it are open, and gives the same number to the same folder.
    /// </summary>
    public bool Begin()
    {
        if (_notify is null)
        {
            return false;
        }

        var isNew = false;
        var root = INotify.AddWatch(_notify, folder, Wanted);
        if (root != _root)
        {
            ForgetBelow("");
            (_root, IsComplete, isNew) = (root, root >= 0, true);
            if (root >= 0)
            {
                _folders[root] = "";
                AddBelow("");
            }
        }

        var journalWatch = INotify.AddWatch(_notify, journal, Wanted);
        if (journalWatch != _journal)
        {
            (_journal, isNew) = (journalWatch, true);
        }

        return isNew;
    }

    public FolderChanges Take()
    {
        var changes = new FolderChanges();
        while (_notify is not null && INotify.Read(_notify, _buffer) is > 0 and var read)
        {
            var events = _buffer.AsSpan(0, read);
            while (events.Length >= INotify.EventHeaderBytes)
            {
                var watch = BinaryPrimitives.ReadInt32LittleEndian(events);
                var what = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
                var length = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
                var name = events.Slice(INotify.EventHeaderBytes, length);
                Take(changes, watch, what, Encoding.UTF8.GetString(name[..(name.IndexOf((byte)0) is >= 0 and var end ? end : length)]));
                events = events[(INotify.EventHeaderBytes + length)..];
            }
        }

        return changes;
    }

    public void Dispose() => _notify?.Dispose();

    private void Take(FolderChanges changes, int watch, uint what, string name)
    {
        if ((what & INotify.Overflow) != 0)
        {
            (changes.IsWalkNeeded, changes.IsJournalWritten) = (true, true);
            return;
        }

        if (watch == _journal)
        {
            changes.IsJournalWritten = true;
            _journal = IsEnd(what) ? None : _journal;
        }

        if (!_folders.TryGetValue(watch, out var below))
        {
            return;
        }

        if (IsEnd(what))
        {
            changes.IsWalkNeeded = true;
            if (watch == _root)
            {
                // The folder itself is gone, and with it all below it; it may come back.
                ForgetBelow("");
                _root = None;
            }

            Forget(watch);
        }
        else if (name.Length > 0 && name[0] != '.')
        {
            TakeNamed(changes, below.Length == 0 ? name : $"{below}/{name}", what);
        }
    }

    private void TakeNamed(FolderChanges changes, string name, uint what)
    {
        if ((what & INotify.IsFolder) != 0)
        {
            if ((what & (INotify.MovedFrom | INotify.Delete)) != 0)
            {
                ForgetBelow(name);
            }

            if ((what & (INotify.Create | INotify.MovedTo)) != 0)
            {
                Add(name);
            }

            changes.IsWalkNeeded |= (what & INotify.Attributes) == 0;
        }
        else if (RecordingScan.IsAudioName(Path.GetFileName(name)))
        {
            changes.Names.Add(name);
            if ((what & INotify.Create) != 0)
            {
                changes.Begun.Add(name);
            }
            else if ((what & INotify.Attributes) == 0)
            {
                changes.Begun.Remove(name);
            }
        }
    }

    private static bool IsEnd(uint what) => (what & (INotify.DeleteSelf | INotify.MoveSelf | INotify.Unmount | INotify.Ignored)) != 0;

    private void Add(string name)
    {
        var watch = INotify.AddWatch(_notify!, Path.Combine(folder, name), Wanted | INotify.DontFollow);
        if (watch >= 0)
        {
            _folders[watch] = name;
            AddBelow(name);
        }
        else if (Directory.Exists(Path.Combine(folder, name)) && new DirectoryInfo(Path.Combine(folder, name)).LinkTarget is null)
        {
            // No more watches for this user (fs.inotify.max_user_watches), or not ours to read.
            IsComplete = false;
        }
    }

    private void AddBelow(string name)
    {
        try
        {
            foreach (var path in Directory.EnumerateDirectories(Path.Combine(folder, name)))
            {
                var part = Path.GetFileName(path);
                if (part[0] != '.')
                {
                    Add(name.Length == 0 ? part : $"{name}/{part}");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, of which an event tells, or not ours to read.
        }
    }

    private void ForgetBelow(string name)
    {
        foreach (var (watch, below) in _folders)
        {
            if (name.Length == 0 || below == name || below.StartsWith(name + "/", StringComparison.Ordinal))
            {
                Forget(watch);
            }
        }
    }

    private void Forget(int watch)
    {
        // Gone with its folder, or still on one that was moved away.
        _ = INotify.RemoveWatch(_notify!, watch);
        _folders.Remove(watch);
    }
}
