using System.Text.Json;
using Isr.Recording.Interop;
using Isr.Recording.Journal;

namespace Isr.Catalog.Keeping;

/// <summary>
/// People's marks: marks/marks.jsonl in the state directory, a line for every change, sealed as the journal's lines are, so that a change is
/// there as a whole or not at all; the last line that tells of an id is true. Whoever holds the state directory appends;
/// any process reads, and reads on before it answers.
/// </summary>
internal sealed class MarkStore(KeepingOptions options)
{
    private const int BlockBytes = 256 * 1024;

    /// <summary>A thousand marks, each as long as it may be.</summary>
    private const int MaxLineBytes = 64 << 20;

    /// <summary>So many changes may be outdated before the file is written anew, and half of it must be.</summary>
    private const int DeadBeforeCompaction = 1000;

    /// <summary>A file that is written anew has so many marks in a line.</summary>
    private const int MarksInLine = 100;

    private readonly Lock _gate = new();
    private MarkIndex _marks = new();
    private FileIdentity? _file;
    private long _position;
    private int _told;

    /// <summary>Another one after every change, whichever process made it.</summary>
    public FileStamp? Version => LibC.StampBehind(FilePath);

    public string FilePath => Path.Combine(options.StateDirectory, "marks", "marks.jsonl");

    public Mark? Find(string id)
    {
        lock (_gate)
        {
            Follow();
            return _marks.Find(id);
        }
    }

    /// <summary>The first so many marks behind a place, in the order of their times, and one more where there is one.</summary>
    public List<Mark> List(MarkFilter filter, MarkPlace after, int limit)
    {
        lock (_gate)
        {
            Follow();
            return [.. _marks.List(filter, after).Take(limit + 1)];
        }
    }

    public List<Mark> Of(MarkedFile file)
    {
        lock (_gate)
        {
            Follow();
            return [.. _marks.Of(file)];
        }
    }

    /// <summary>Writes a change down, durably; to be called by whoever holds the state directory.</summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing was changed.</exception>
    public void Append(MarkChange change)
    {
        lock (_gate)
        {
            Follow();
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            using (var file = new FileStream(FilePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                Append(file, Line(change));
            }

            Follow();
            if (_told > (2 * _marks.Count) + DeadBeforeCompaction)
            {
                Compact();
            }
        }
    }

    private static byte[] Line(MarkChange change) => JournalLine.Seal(JsonSerializer.SerializeToUtf8Bytes(change, KeepingLines.Json.MarkChange));

    private static void Append(FileStream file, byte[] line)
    {
        var length = file.Length;
        try
        {
            file.Position = Math.Max(0, length - 1);
            if (length > 0 && file.ReadByte() != '\n')
            {
                // A crash left half a line, which stays as it is.
                file.WriteByte((byte)'\n');
            }

            file.Write(line);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    /// <summary>Writes the file anew with what is true, and puts it in place of the old one at once.</summary>
    private void Compact()
    {
        var temporary = FilePath + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (var some in _marks.All.OrderBy(MarkPlace.Of).Chunk(MarksInLine))
            {
                file.Write(Line(new MarkChange(some, [])));
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, FilePath, overwrite: true);
        Follow();
    }

    /// <summary>Reads what was added; all of it where another file has the name.</summary>
    private void Follow()
    {
        if (LibC.IdentityBehind(FilePath) is not { } now)
        {
            if (_file is not null)
            {
                (_marks, _file, _position, _told) = (new MarkIndex(), null, 0, 0);
            }

            return;
        }

        if (_file is not { } last || !last.IsSameFile(now) || now.Size < _position)
        {
            (_marks, _position, _told) = (new MarkIndex(), 0, 0);
        }

        _file = now;
        if (now.Size > _position)
        {
            Read();
        }
    }

    private void Read()
    {
        using var file = File.OpenHandle(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[BlockBytes];
        var kept = 0;
        while (RandomAccess.Read(file, buffer.AsSpan(kept), _position + kept) is > 0 and var read)
        {
            var block = buffer.AsSpan(0, kept + read);
            while (block.IndexOf((byte)'\n') is >= 0 and var end)
            {
                Take(block[..end]);
                _position += end + 1;
                block = block[(end + 1)..];
            }

            if (block.Length > MaxLineBytes)
            {
                // Nobody writes such a line: it is damage, and is passed over.
                _position += block.Length;
                block = default;
            }

            kept = block.Length;
            var next = kept > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
            block.CopyTo(next);
            buffer = next;
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        _told++;
        try
        {
            if (JournalLine.TryUnseal(line, out var json) && JsonSerializer.Deserialize(json, KeepingLines.Json.MarkChange) is { Put: not null, Removed: not null } change)
            {
                _told += change.Put.Count;
                _marks.Apply(change);
            }
        }
        catch (JsonException)
        {
            // Of a later version.
        }
    }
}
