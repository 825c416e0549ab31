using System.Text;

namespace Isr.Logging;

/// <summary>
/// The log file: appended to, and moved aside (recorder.log.1, .2 …) when it has grown to 10 MB. Who moves it, deletes it, empties it or takes its folder away,
/// as logrotate does, finds the next line in a file of its name.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const long MaxBytes = 10_000_000;
    private const int Kept = 5;

    /// <summary>Where it cannot be moved aside it grows by so much before that is tried again.</summary>
    private const long RetryBytes = 1_000_000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private FileStream? _file;
    private long _rotateAt = MaxBytes;

    /// <summary>Opens the file; throws IOException or UnauthorizedAccessException when that cannot be.</summary>
    public LogFile(string path)
    {
        _path = path;
        _file = Open();
    }

    public void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        lock (_gate)
        {
            // What was opened long ago may be no good any more, so a second try is with a new one.
            if (!TryWrite(bytes))
            {
                TryWrite(bytes);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
        }
    }

    private bool TryWrite(byte[] line)
    {
        try
        {
            if (_file is not null && !IsStillThere(_file))
            {
                _file.Dispose();
                _file = null;
            }

            _file ??= Open();
            if (_file.Length > _rotateAt)
            {
                Rotate();
            }

            WriteOrUndo(_file!, line);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be written must not stop what it is about; stdout has the line.
            _file?.Dispose();
            _file = null;
            return false;
        }
    }

    /// <summary>Another file of this name would have to have exactly the same length.</summary>
    private bool IsStillThere(FileStream file) => new FileInfo(_path) is { Exists: true } named && named.Length == file.Length;

    /// <summary>A whole line or none. At the end that the file has now: somebody may have emptied it.</summary>
    private static void WriteOrUndo(FileStream file, byte[] line)
    {
        var length = file.Seek(0, SeekOrigin.End);
        try
        {
            file.Write(line);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    private FileStream Open()
    {
        if (Path.GetDirectoryName(_path) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        // Unbuffered: what a full disk has refused must not be tried again, and thrown again, on closing.
        return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private void Rotate()
    {
        _file!.Dispose();
        _file = null;
        try
        {
            for (var i = Kept - 1; i >= 1; i--)
            {
                if (File.Exists($"{_path}.{i}"))
                {
                    File.Move($"{_path}.{i}", $"{_path}.{i + 1}", overwrite: true);
                }
            }

            File.Move(_path, _path + ".1", overwrite: true);
            _rotateAt = MaxBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something stands in the way of the old ones: better one long file than none.
            _rotateAt = new FileInfo(_path).Length + RetryBytes;
        }

        _file = Open();
    }
}
