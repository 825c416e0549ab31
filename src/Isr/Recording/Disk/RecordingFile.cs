using System.Buffers;
using Isr.Recording.Interop;
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
    string directory, string name, string extension, int maxPendingBytes, DiskBudget budget, Action<string> opened, Action<WrittenFile> ended)
{
    private const int MaxNames = 10_000;

    /// <summary>A header is written over again when that takes no more than a tenth of the time.</summary>
    private const int HeaderShare = 10;

    private static readonly TimeSpan s_linksPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_namePeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // Shared, under the lock.
    private byte[] _pending = [];
    private int _pendingLength;
    private Header _committedHeader;
    private long _committedSamples;
    private bool _isComplete;
    private long _writtenSamples;
    private string? _failure;

    /// <summary>Nothing more is written; a file that only takes no more is not that far yet.</summary>
    private bool _isDead;

    // The disk's thread alone.
    private SafeFileHandle? _handle;
    private FileIdentity? _identity;
    private string? _path;
    private long _position;
    private Header _trueHeader;
    private Header _nextHeader;
    private bool _isHeaderOwed;
    private long _headerWritten;
    private TimeSpan _headerCost;
    private long _linksChecked;
    private long _nameChecked;
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

    /// <summary>The number of the file system that it lies on; null before it is open.</summary>
    public ulong? FileSystem => _identity?.Device;

    /// <summary>Where it is; null before it is open. For the disk's thread.</summary>
    public string? Path => _path;

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
                _failure = $"the disk is too slow: {Megabytes(_pendingLength)} of one file wait for it, and no more is kept";
                return false;
            }

            if (!TryGrow(_pendingLength + frames.Length))
            {
                _failure = $"the disk is too slow: {Megabytes(budget.Taken)} of all files wait in memory, and no more is kept";
                return false;
            }

            frames.CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += frames.Length;
            if (!header.IsEmpty)
            {
                _committedHeader.Set(header, headerOffset);
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

    /// <summary>
    /// Gives the file up: what has not reached it by now never will, even if the disk is just writing it. Returns
    /// the samples that it keeps.
    /// </summary>
    public long Abandon(string reason)
    {
        lock (_gate)
        {
            if (!_isComplete || _pendingLength > 0 || _writtenSamples < _committedSamples)
            {
                _failure ??= reason;
                Die();
            }

            return _writtenSamples;
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
        byte[] frames;
        int length;
        long samples;
        bool isNewHeader, isLast;
        lock (_gate)
        {
            (frames, length, samples) = (_pending, _pendingLength, _committedSamples);
            (_pending, _pendingLength) = ([], 0);
            isNewHeader = _committedHeader.MoveTo(ref _nextHeader);
            isLast = _isComplete || _failure is not null;
        }

        try
        {
            if (_isEnded || (length == 0 && !(isLast && _isHeaderOwed && !IsDead)))
            {
                CheckPresence(time);
                return false;
            }

            Write(frames.AsSpan(0, length), samples, isNewHeader, isLast, time);
            CheckPresence(time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
        catch (ArgumentOutOfRangeException)
        {
            // EFBIG, which .NET takes for a mistake of the caller: FAT32 ends a file at 4 GiB, a user's limit (ulimit -f) anywhere.
            Fail("the disk does not take a file so large");
        }
        finally
        {
            Return(frames);
        }

        return true;
    }

    /// <summary>
    /// Whether it is complete and drained, or has failed: it may be closed when its file system is durable. Runs on
    /// the disk's thread.
    /// </summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _isDead || ((_isComplete || _failure is not null) && _pendingLength == 0 && !_isHeaderOwed);
            }
        }
    }

    /// <summary>Closes a file that <see cref="IsDone"/>. True when it is done with. Runs on the disk's thread.</summary>
    public bool TryClose()
    {
        if (!IsDone)
        {
            return false;
        }

        if (_isEnded)
        {
            return true;
        }

        _isEnded = true;
        var failure = Failure;
        if (failure is not null)
        {
            CutBack();
        }

        _handle?.Dispose();
        ended(new WrittenFile(_path, _position, WrittenSamples, failure));
        return true;
    }

    /// <summary>Ends a file whose earlier bytes the disk has lost. Runs on the disk's thread.</summary>
    public void Fail(string reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
            Die();
        }
    }

    private bool IsDead
    {
        get
        {
            lock (_gate)
            {
                return _isDead;
            }
        }
    }

    private void Write(Span<byte> frames, long samples, bool isNewHeader, bool isLast, TimeProvider time)
    {
        var isFirst = _handle is null;
        _handle ??= Open(time);

        // A header inside this block, as in the first one, needs no write of its own.
        var isInBlock = isNewHeader && _nextHeader.TryPutInto(frames, _position);
        if (!frames.IsEmpty)
        {
            RandomAccess.Write(_handle, frames, _position);
        }

        _isHeaderOwed = !isInBlock && (isNewHeader || _isHeaderOwed);
        if (_isHeaderOwed && (isLast || time.GetElapsedTime(_headerWritten) >= HeaderShare * _headerCost))
        {
            var began = time.GetTimestamp();
            var header = isNewHeader ? _nextHeader : _trueHeader;
            RandomAccess.Write(_handle, header.Bytes, header.Offset);
            (_isHeaderOwed, _headerWritten) = (false, time.GetTimestamp());
            _headerCost = time.GetElapsedTime(began, _headerWritten);
        }

        lock (_gate)
        {
            if (_isDead)
            {
                // Given up meanwhile: another file has these frames now.
                return;
            }

            Interlocked.Exchange(ref _writtenSamples, samples);
        }

        _position += frames.Length;
        if (isNewHeader)
        {
            (_trueHeader, _nextHeader) = (_nextHeader, _trueHeader);
        }

        if (isFirst)
        {
            // Not before: a full disk still takes names.
            opened(_path!);
        }
    }

    /// <summary>Creates the file under the first name that is free; nothing that exists is ever opened.</summary>
    private SafeFileHandle Open(TimeProvider time)
    {
        for (var i = 1; i <= MaxNames; i++)
        {
            var path = System.IO.Path.Combine(directory, i == 1 ? name + extension : $"{name}_{i}{extension}");
            try
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
                var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                _path = path;
                _linksChecked = _nameChecked = time.GetTimestamp();
                _identity = LibC.IdentityOf(handle);
                return handle;
            }
            catch (IOException) when (System.IO.Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
            }
        }

        throw new IOException($"{MaxNames} files named {name} exist in {directory}");
    }

    /// <summary>A file that was deleted or moved still takes bytes, but nobody would find them.</summary>
    private void CheckPresence(TimeProvider time)
    {
        if (_handle is null || _isEnded || time.GetElapsedTime(_linksChecked) < s_linksPeriod)
        {
            return;
        }

        _linksChecked = time.GetTimestamp();
        var now = LibC.IdentityOf(_handle);
        if (now is null || (now.Value.Links == 0 && _identity is { Links: > 0 }))
        {
            Fail($"{_path} vanished while it was recorded");
        }
        else if (time.GetElapsedTime(_nameChecked) >= s_namePeriod)
        {
            // Some network file systems number a file anew now and then; its length tells it from a stranger.
            _nameChecked = _linksChecked;
            var named = LibC.IdentityOf(_path!);
            if (named is null || (named.Value.Inode != now.Value.Inode && named.Value.Size != now.Value.Size))
            {
                Fail($"{_path} vanished while it was recorded");
            }
        }
    }

    private void Die()
    {
        _isDead = true;
        Return(_pending);
        (_pending, _pendingLength) = ([], 0);
    }

    /// <summary>Leaves whole frames alone: what a failed write left behind them goes, and so does a file without any.</summary>
    private void CutBack()
    {
        try
        {
            if (_handle is not null && _position > 0)
            {
                RandomAccess.SetLength(_handle, _position);
                if (_trueHeader.Length > 0)
                {
                    RandomAccess.Write(_handle, _trueHeader.Bytes, _trueHeader.Offset);
                }
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

    private bool TryGrow(int needed)
    {
        if (_pending.Length >= needed)
        {
            return true;
        }

        var larger = ArrayPool<byte>.Shared.Rent(needed);
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _pending.AsSpan(0, _pendingLength).CopyTo(larger);
        Return(_pending);
        _pending = larger;
        return true;
    }

    private void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            budget.Give(buffer.Length);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1048576.0:0.0} MB");

    /// <summary>Bytes to be put over the old ones at an offset; its buffer is used again and again.</summary>
    private struct Header
    {
        private byte[]? _bytes;

        public int Length { get; private set; }

        public long Offset { get; private set; }

        public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

        public void Set(ReadOnlySpan<byte> bytes, long offset)
        {
            if (_bytes is null || _bytes.Length < bytes.Length)
            {
                _bytes = new byte[bytes.Length];
            }

            bytes.CopyTo(_bytes);
            (Length, Offset) = (bytes.Length, offset);
        }

        /// <summary>False when there is none to move.</summary>
        public bool MoveTo(ref Header other)
        {
            if (Length == 0)
            {
                return false;
            }

            other.Set(Bytes, Offset);
            Length = 0;
            return true;
        }

        public readonly bool TryPutInto(Span<byte> block, long position)
        {
            if (Offset < position || Offset + Length > position + block.Length)
            {
                return false;
            }

            Bytes.CopyTo(block[(int)(Offset - position)..]);
            return true;
        }
    }
}
