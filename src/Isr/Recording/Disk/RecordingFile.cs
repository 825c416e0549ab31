using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Disk;

/// <summary>How far a file has come when its writing ended.</summary>
/// <param name="Path">Where it is; null when it never came to be.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Samples">Samples that are in it.</param>
/// <param name="Failure">Why writing ended early, as a sentence; null when all was written.</param>
internal readonly record struct WrittenFile(string? Path, long Bytes, long Samples, string? Failure);

/// <summary>
/// One file's bytes on their way to the disk. The source's task commits, the disk's thread drains; neither
/// waits for the other. What is committed is a whole number of frames together with the header that is true
/// for them.
/// </summary>
internal sealed class RecordingFile(
    string directory, string name, string extension, int maxPendingBytes, Action<string> opened, Action<WrittenFile> ended)
{
    /// <summary>
    /// What may wait in memory for a disk that does not answer, of audio that is coded with loss: three minutes of
    /// 128 kbit/s, or the longest burst, a minute, of 320 kbit/s and then some seconds.
    /// </summary>
    public const int UsualPendingBytes = 3 * 1024 * 1024;

    private const int MaxNames = 10_000;
    private static readonly TimeSpan s_presencePeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Shared, under the lock.
    private byte[] _pending = [];
    private int _pendingLength;
    private byte[] _header = [];
    private int _headerLength;
    private long _headerOffset;
    private long _committedSamples;
    private bool _isComplete;
    private long _writtenSamples;
    private string? _failure;

    // The disk's thread alone.
    private SafeFileHandle? _handle;
    private string? _path;
    private long _position;
    private long _presenceChecked;
    private bool _isEnded;

    /// <summary>Bytes committed that wait for the disk.</summary>
    public int PendingBytes
    {
        get
        {
            lock (_gate)
            {
                return _pendingLength;
            }
        }
    }

    /// <summary>Samples that have reached the file.</summary>
    public long WrittenSamples => Interlocked.Read(ref _writtenSamples);

    /// <summary>The open file; for making its file system durable.</summary>
    public SafeFileHandle? Handle => _handle;

    /// <summary>
    /// Hands over whole frames and, if there is one, the header that is now true, to be put at an offset.
    /// False when the file has failed: no more can come into it.
    /// </summary>
    public bool TryCommit(ReadOnlySpan<byte> frames, ReadOnlySpan<byte> header, long headerOffset, long samples)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return false;
            }

            if (_pendingLength + frames.Length > maxPendingBytes)
            {
                _failure = "the disk does not keep up";
                return false;
            }

            Grow(ref _pending, _pendingLength, _pendingLength + frames.Length);
            frames.CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += frames.Length;
            if (!header.IsEmpty)
            {
                Grow(ref _header, 0, header.Length);
                header.CopyTo(_header);
                (_headerLength, _headerOffset) = (header.Length, headerOffset);
            }

            _committedSamples = samples;
            return true;
        }
    }

    /// <summary>Nothing more will be committed: the disk's thread writes what there is, then closes.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
        }
    }

    /// <summary>Complete or failed: it will be closed after the next drain.</summary>
    public bool IsEnding
    {
        get
        {
            lock (_gate)
            {
                return _isComplete || _failure is not null;
            }
        }
    }

    /// <summary>Why writing failed; null while it has not.</summary>
    public string? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>Writes all that is committed. True when something was written. Runs on the disk's thread.</summary>
    public bool Drain(TimeProvider time)
    {
        Committed committed;
        lock (_gate)
        {
            committed = new Committed(_pending, _pendingLength, [.. _header.AsSpan(0, _headerLength)], _headerOffset, _committedSamples);
            (_pending, _pendingLength, _headerLength) = ([], 0, 0);
        }

        if (_isEnded || committed.Length == 0)
        {
            Return(committed.Frames);
            CheckPresence(time);
            return false;
        }

        var isFirst = _handle is null;
        try
        {
            _handle ??= Open(time);
            RandomAccess.Write(_handle, committed.Frames.AsSpan(0, committed.Length), _position);
            if (committed.Header.Length > 0)
            {
                RandomAccess.Write(_handle, committed.Header, committed.HeaderOffset);
            }

            _position += committed.Length;
            Interlocked.Exchange(ref _writtenSamples, committed.Samples);
            if (isFirst)
            {
                // Not before: a full disk still takes names.
                opened(_path!);
            }

            CheckPresence(time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
        finally
        {
            Return(committed.Frames);
        }

        return true;
    }

    /// <summary>
    /// Closes a file that is complete and drained, or has failed. True when it is done with. Runs on the disk's
    /// thread, after the file system was made durable.
    /// </summary>
    public bool TryClose()
    {
        string? failure;
        lock (_gate)
        {
            if (_failure is null && (!_isComplete || _pendingLength > 0))
            {
                return false;
            }

            failure = _failure;
        }

        if (_isEnded)
        {
            return true;
        }

        _isEnded = true;
        if (failure is not null)
        {
            CutBack();
        }

        _handle?.Dispose();
        ended(new WrittenFile(_path, _position, WrittenSamples, failure));
        return true;
    }

    /// <summary>Creates the file under the first name that is free; nothing that exists is ever opened.</summary>
    private SafeFileHandle Open(TimeProvider time)
    {
        for (var i = 1; i <= MaxNames; i++)
        {
            var path = Path.Combine(directory, i == 1 ? name + extension : $"{name}_{i}{extension}");
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                _path = path;
                _presenceChecked = time.GetTimestamp();
                return handle;
            }
            catch (IOException) when (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
            }
        }

        throw new IOException($"{MaxNames} files named {name} exist in {directory}");
    }

    /// <summary>A file that was deleted or moved still takes bytes, but nobody would find them.</summary>
    private void CheckPresence(TimeProvider time)
    {
        if (_path is not null && !_isEnded && time.GetElapsedTime(_presenceChecked) > s_presencePeriod)
        {
            _presenceChecked = time.GetTimestamp();
            if (!File.Exists(_path))
            {
                Fail($"{_path} vanished while it was recorded");
            }
        }
    }

    private void Fail(string reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
        }
    }

    /// <summary>Leaves whole frames alone: what a failed write left behind them goes, and so does a file without any.</summary>
    private void CutBack()
    {
        try
        {
            if (_handle is not null)
            {
                RandomAccess.SetLength(_handle, _position);
            }

            if (_position == 0 && _path is not null)
            {
                File.Delete(_path);
                _path = null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk that failed a moment ago fails again. The file keeps a broken last frame, which a
            // decoder skips; the failure itself is reported already.
        }
    }

    private static void Grow(ref byte[] buffer, int used, int needed)
    {
        if (buffer.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            buffer.AsSpan(0, used).CopyTo(larger);
            Return(buffer);
            buffer = larger;
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private readonly record struct Committed(byte[] Frames, int Length, byte[] Header, long HeaderOffset, long Samples);
}
