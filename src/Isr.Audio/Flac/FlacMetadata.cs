using Isr.Audio.Tags;

namespace Isr.Audio.Flac;

/// <summary>
/// Takes in what stands before the frames of a stream: metadata blocks, which may be larger than any buffer and come in
/// pieces of any size, and tags of other formats, which are stepped over.
/// </summary>
internal sealed class FlacMetadata
{
    /// <summary>What is kept is repeated at the head of each file.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private const int MaxBlocks = 1024;

    private List<byte[]> _blocks = [];
    private int _keptBytes;
    private byte[]? _block;
    private int _blockFilled;
    private long _toSkip;
    private bool _isBetweenBlocks;
    private bool _isLast;

    /// <summary>Bytes that come now belong here.</summary>
    public bool IsReading => _block is not null || _toSkip > 0 || _isBetweenBlocks;

    public FlacStreamInfo? StreamInfo { get; private set; }

    /// <summary>The blocks to repeat, each with its header.</summary>
    public IReadOnlyList<byte[]> Blocks => _blocks;

    public string? Title { get; private set; }

    public bool IsTooLarge { get; private set; }

    /// <summary>Bytes that begin a stream: the marker and STREAMINFO.</summary>
    public static int StartBytes => FlacBlock.Marker.Length + FlacBlock.HeaderBytes + FlacStreamInfo.Size;

    /// <summary>Begins with the first <see cref="StartBytes"/> of a stream; false when they are none.</summary>
    public bool TryBegin(ReadOnlySpan<byte> source)
    {
        if (!FlacBlock.IsStreamStart(source)
            || !FlacStreamInfo.TryRead(source[(FlacBlock.Marker.Length + FlacBlock.HeaderBytes)..], out var info))
        {
            return false;
        }

        StreamInfo = info;
        Title = null;
        _blocks = [];
        _keptBytes = 0;
        _isLast = FlacBlock.Read(source[FlacBlock.Marker.Length..]).IsLast;
        _isBetweenBlocks = !_isLast;
        return true;
    }

    public void Skip(long bytes) => _toSkip = bytes;

    /// <summary>Returns how many bytes it has taken; when they are not all, it wants more or is done.</summary>
    public int Read(ReadOnlySpan<byte> source)
    {
        var taken = 0;
        while (IsReading)
        {
            var rest = source[taken..];
            if (_toSkip > 0)
            {
                var skipped = (int)Math.Min(_toSkip, rest.Length);
                _toSkip -= skipped;
                taken += skipped;
            }
            else if (_block is { } block)
            {
                var length = Math.Min(block.Length - _blockFilled, rest.Length);
                rest[..length].CopyTo(block.AsSpan(_blockFilled));
                _blockFilled += length;
                taken += length;
                if (_blockFilled == block.Length)
                {
                    Keep(block);
                    _block = null;
                }
            }
            else
            {
                if (rest.Length < FlacBlock.HeaderBytes)
                {
                    break;
                }

                var header = FlacBlock.Read(rest);
                if (header.Type == FlacBlockType.Forbidden)
                {
                    _isBetweenBlocks = false;
                    break;
                }

                Begin(header);
                if (_block is null)
                {
                    taken += FlacBlock.HeaderBytes;
                }
            }

            if (taken == source.Length)
            {
                break;
            }
        }

        return taken;
    }

    private void Begin(FlacBlock header)
    {
        _isLast = header.IsLast;
        _isBetweenBlocks = !_isLast;
        var isWanted = FlacBlock.IsKept(header.Type);
        var whole = FlacBlock.HeaderBytes + header.Length;
        if (isWanted && (_keptBytes + whole > MaxBytes || _blocks.Count == MaxBlocks))
        {
            IsTooLarge = true;
            isWanted = false;
        }

        if (isWanted)
        {
            _block = new byte[whole];
            _blockFilled = 0;
        }
        else
        {
            _toSkip = header.Length;
        }
    }

    private void Keep(byte[] block)
    {
        _blocks.Add(block);
        _keptBytes += block.Length;
        if (FlacBlock.Read(block).Type == FlacBlockType.VorbisComment)
        {
            Title ??= VorbisComments.ReadTitle(block.AsSpan(FlacBlock.HeaderBytes));
        }
    }
}
