using Isr.Recording.Journal;

namespace Isr.Catalog.Evidence;

/// <summary>Follows every recording through the journal: from its first byte to its hash, under its names, into the trash and out again.</summary>
internal sealed class EvidenceFiles
{
    private readonly Dictionary<string, EvidenceFile> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EvidenceFile> _byItem = new(StringComparer.Ordinal);
    private readonly HashSet<EvidenceFile> _open = [];
    private readonly HashSet<string> _strays = new(StringComparer.Ordinal);
    private readonly List<EvidenceFile> _displaced = [];

    // The hash of a file that went right after it was closed comes under the name that it had.
    private readonly Dictionary<string, EvidenceFile> _wentUnsealed = new(StringComparer.Ordinal);
    private int _run;

    /// <summary>All that should be there, and those whose names were taken by others.</summary>
    public IEnumerable<EvidenceFile> All => _byName.Values.Concat(_byItem.Values).Concat(_displaced);

    /// <summary>Every source that a file was ever opened of.</summary>
    public HashSet<string> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Deleted for good.</summary>
    public int Purged { get; private set; }

    /// <summary>Begun in the moment of a crash, and mended: nobody wrote down whose they are.</summary>
    public IReadOnlyCollection<string> Strays => _strays;

    public bool Knows(string name) => _byName.ContainsKey(name) || _strays.Contains(name);

    /// <summary>Takes an entry; a sentence when it says something that cannot be.</summary>
    public string? Take(JournalEntry entry)
    {
        switch (entry)
        {
            case ProgramStarted:
                _run++;
                break;
            case RecoveryFinished:
                foreach (var file in _open.Where(file => file.Run < _run))
                {
                    file.IsGivenUp = true;
                }

                _open.RemoveWhere(file => file.IsGivenUp);
                break;
            case FileOpened { File: { } name, Source: { } source } opened:
                var begun = new EvidenceFile { Name = name, Source = source, Start = opened.Start, Run = _run };
                Sources.Add(source);
                Put(name, begun);
                _open.Add(begun);
                break;
            case StartCorrected { File: { } name } corrected when _byName.TryGetValue(name, out var file):
                file.Start = corrected.Start;
                break;
            case FileClosed { File: { } name } closed:
                if (!_byName.TryGetValue(name, out var ended))
                {
                    return $"says that {name} was closed, and no line says that it was begun";
                }

                (ended.End, ended.Bytes, ended.ClosedAt) = (closed.End, closed.Bytes, closed.At);
                _open.Remove(ended);
                break;
            case FileSealed { File: { } name, Sha256: { } sha256 }:
                if ((!_byName.TryGetValue(name, out var hashed) || hashed.End is null) && !_wentUnsealed.Remove(name, out hashed))
                {
                    return $"has the hash of {name}, and no line says that it was closed";
                }

                hashed.Sha256 = sha256;
                break;
            case FileMended { File: { } name } when !_byName.ContainsKey(name):
                _strays.Add(name);
                break;
            default:
                Move(entry);
                break;
        }

        return null;
    }

    private void Move(JournalEntry entry)
    {
        switch (entry)
        {
            case FileMoved { File: { } name, To: { } to } when _byName.Remove(name, out var file):
                Went(name, file);
                file.Name = to;
                Put(to, file);
                break;
            case FileMoved { File: { } name, To: { } to } when _strays.Remove(name):
                _strays.Add(to);
                break;
            case FileDeleted { File: { } name, Item: { } item }:
                _strays.Remove(name);
                if (_byName.Remove(name, out var deleted))
                {
                    Went(name, deleted);
                    deleted.Item = item;
                    _byItem[item] = deleted;
                }

                break;
            case FileRestored { Item: { } item, To: { } to } when _byItem.Remove(item, out var file):
                (file.Item, file.Name) = (null, to);
                Put(to, file);
                break;
            case FilePurged { Item: { } item }:
                Purge(_byItem, item);
                break;
            case FilePurged { File: { } name }:
                _strays.Remove(name);
                Purge(_byName, name);
                break;
        }
    }

    private void Went(string name, EvidenceFile file)
    {
        if (file is { Sha256: null, End: not null })
        {
            _wentUnsealed[name] = file;
        }
    }

    private void Put(string name, EvidenceFile file)
    {
        if (_byName.TryGetValue(name, out var before) && before != file)
        {
            before.IsDisplaced = true;
            _displaced.Add(before);
        }

        _byName[name] = file;
    }

    private void Purge(Dictionary<string, EvidenceFile> files, string key)
    {
        if (files.Remove(key, out var file))
        {
            Went(file.Name, file);
            file.IsPurged = true;
            _open.Remove(file);
            Purged++;
        }
    }
}
