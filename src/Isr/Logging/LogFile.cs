using System.Text;

namespace Isr.Logging;

/// <summary>The log file: appended to, and moved aside (recorder.log.1, .2 …) when it has grown to 10 MB.</summary>
internal sealed class LogFile : IDisposable
{
    private const long MaxBytes = 10_000_000;
    private const int Kept = 5;

    private readonly Lock _gate = new();
    private readonly string _path;
    private FileStream? _file;

    /// <summary>Opens the file; throws IOException or UnauthorizedAccessException when that cannot be.</summary>
    public LogFile(string path)
    {
        _path = path;
        _file = Open();
    }

    public void Write(string line)
    {
        lock (_gate)
        {
            try
            {
                _file ??= Open();
                if (_file.Length > MaxBytes)
                {
                    Rotate();
                }

                _file!.Write(Encoding.UTF8.GetBytes(line));
                _file.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A log that cannot be written must not stop what it is about; stdout has the line.
                _file?.Dispose();
                _file = null;
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

    private FileStream Open()
    {
        if (Path.GetDirectoryName(_path) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        // Unbuffered: what a full disk has refused must not be tried again, and thrown again, on closing.
        return new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    private void Rotate()
    {
        _file!.Dispose();
        _file = null;
        for (var i = Kept - 1; i >= 1; i--)
        {
            if (File.Exists($"{_path}.{i}"))
            {
                File.Move($"{_path}.{i}", $"{_path}.{i + 1}", overwrite: true);
            }
        }

        File.Move(_path, _path + ".1", overwrite: true);
        _file = Open();
    }
}
