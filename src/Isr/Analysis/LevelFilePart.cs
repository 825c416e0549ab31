using System.Buffers;
using Isr.Audio.Detection;
using Isr.Audio.Levels;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>A recording's level file as a part of a run: open until it is disposed, with its blocks in a pooled buffer.</summary>
internal sealed class LevelFilePart : SectionPart
{
    /// <summary>Loud blocks stand together: those behind are read along; and all the rest of an hour when it goes on.</summary>
    private const int ReadBytes = 16 * 1024;
    private const int MoreBytes = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly LevelFileHead _head;
    private readonly LevelFileBlocks _blocks;
    private byte[]? _begin;
    private byte[]? _rms;

    /// <summary>Blocks that <see cref="_rms"/> holds.</summary>
    private (int First, int End) _held;

    private LevelFilePart(string relativePath, DateTime startUtc, LevelFileHead head, SafeFileHandle file, byte[] begin, LevelFileBlocks blocks)
        : base(startUtc, head.SampleRate, head.Samples) => (RelativePath, _head, _file, _begin, _blocks) = (relativePath, head, file, begin, blocks);

    /// <summary>The recording's, in the recordings folder.</summary>
    public string RelativePath { get; }

    /// <summary>Takes an open level file, or closes it and gives null when it is damaged, or of another recording or version.</summary>
    public static LevelFilePart? TryRead(string relativePath, SafeFileHandle file, RecordingKey key, DateTime startUtc)
    {
        byte[]? begin = ArrayPool<byte>.Shared.Rent(LevelFileBlocks.UsualBytes);
        try
        {
            var bytes = RandomAccess.GetLength(file);
            var read = ReadAll(file, begin, 0);
            if (bytes > LevelFile.MaxBytes || !LevelFileHead.TryRead(begin.AsSpan(0, read), out var head) || head.Key != key
                || head.WindowSamples != RecordingLevels.WindowOf(head.SampleRate) || !LevelFileBlocks.TryFind(head, bytes, out var wanted))
            {
                return null;
            }

            if (wanted > read)
            {
                var larger = ArrayPool<byte>.Shared.Rent(wanted);
                ArrayPool<byte>.Shared.Return(begin);
                begin = larger;
                read = ReadAll(file, begin, 0);
            }

            if (wanted > read || !LevelFileBlocks.TryRead(head, begin.AsMemory(0, wanted), out var blocks))
            {
                return null;
            }

            var part = new LevelFilePart(relativePath, startUtc, head, file, begin, blocks);
            begin = null;
            return part;
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            // Not to be read, or no file that can be.
            return null;
        }
        finally
        {
            if (begin is not null)
            {
                ArrayPool<byte>.Shared.Return(begin);
                file.Dispose();
            }
        }
    }

    public override LevelBlock Block(int index) => _blocks[index];

    public BlockShape ShapeOf(int block) => _blocks.ShapeOf(block);

    /// <summary>The lowest and the highest sample of every window. False when they cannot be read.</summary>
    public bool TryReadExtremes(out ReadOnlyMemory<short> minimum, out ReadOnlyMemory<short> maximum)
    {
        (minimum, maximum) = (default, default);
        if (!LevelFile.TryFindExtremes(_head, out var offset, out var length))
        {
            return false;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return ReadAll(_file, bytes.AsSpan(0, length), offset) == length && LevelFile.TryReadExtremes(_head, bytes.AsSpan(0, length), out minimum, out maximum);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public override bool TryRead(int block, Span<uint> rms)
    {
        if ((block < _held.First || block >= _held.End) && !TryHold(block))
        {
            return false;
        }

        var bytes = _rms.AsSpan((block - _held.First) * _blocks.BlockBytes, _blocks.BytesOf(block));
        return _blocks.TryReadRms(block, bytes, rms);
    }

    protected override void Dispose(bool isDisposing)
    {
        if (_begin is not null)
        {
            ArrayPool<byte>.Shared.Return(_begin);
            _begin = null;
            _file.Dispose();
        }

        if (_rms is not null)
        {
            ArrayPool<byte>.Shared.Return(_rms);
            _rms = null;
        }

        base.Dispose(isDisposing);
    }

    private bool TryHold(int block)
    {
        if (_rms is not null && _rms.Length < MoreBytes && block == _held.End)
        {
            ArrayPool<byte>.Shared.Return(_rms);
            _rms = ArrayPool<byte>.Shared.Rent(Math.Max(MoreBytes, _blocks.BlockBytes));
            _held = default;
        }

        _rms ??= ArrayPool<byte>.Shared.Rent(Math.Max(ReadBytes, _blocks.BlockBytes));
        var end = Math.Min(Blocks, block + (_rms.Length / _blocks.BlockBytes));
        var bytes = (int)(_blocks.OffsetOf(end - 1) + _blocks.BytesOf(end - 1) - _blocks.OffsetOf(block));
        try
        {
            if (ReadAll(_file, _rms.AsSpan(0, bytes), _blocks.OffsetOf(block)) < bytes)
            {
                return false;
            }
        }
        catch (IOException)
        {
            return false;
        }

        _held = (block, end);
        return true;
    }

    private static int ReadAll(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes[read..], offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }
}
