using System.Buffers.Binary;
using Isr.Audio.Mending;

namespace Isr.Audio.Wav;

/// <summary>Goes through the chunks of a WAV file, by their headers alone.</summary>
internal sealed class WavChunks(ReadAt read, long length, bool isLeftOpen)
{
    public const int RiffBytes = 12;
    public const int HeaderBytes = 8;

    /// <summary>Bytes of a ds64 chunk without a table, its header left out.</summary>
    public const int Ds64Bytes = 28;

    /// <summary>A size that is not known, or stands in the ds64 chunk.</summary>
    public const uint NoSize = uint.MaxValue;

    /// <summary>Bytes of a format that is plain.</summary>
    public const int LeastFormat = 16;

    /// <summary>Bytes of the extensible format, which has the true one in a GUID.</summary>
    public const int ExtensibleFormat = 40;

    public const int SubFormatOffset = 24;
    public const ushort Pcm = 1;
    public const ushort Extensible = 0xFFFE;

    private const int MaxChunks = 10_000;
    private const ushort Float = 3;

    /// <summary>What programs write that cannot come back to the header: sox and arecord about 2 GiB, others more than there is.</summary>
    private const long LeastGuess = 0x7FFF_0000;
    private const long MostGuess = 0x8000_0000;
    private const long NoSuchSize = 1L << 60;

    private WavFileInfo _info;
    private long _riffSize;
    private long _ds64Data = -1;
    private string? _refusal;

    public bool TryRead(out WavFileInfo info)
    {
        info = new WavFileInfo { Refusal = "It is no WAV file." };
        Span<byte> head = stackalloc byte[RiffBytes];
        if (!TryReadAt(0, head) || !(head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8)) || !head[8..].SequenceEqual("WAVE"u8))
        {
            return false;
        }

        _info = new WavFileInfo { IsRf64 = head.StartsWith("RF64"u8) };
        _riffSize = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        var at = (long)RiffBytes;
        for (var i = 0; i < MaxChunks && TryReadChunk(at, out var id, out var size); i++)
        {
            if (id == "data")
            {
                TakeData(at + HeaderBytes, size);
                info = _info with { Refusal = _info.SampleRate > 0 ? null : _refusal ?? "It has no chunk that gives its format before its data." };
                return info.SampleRate > 0;
            }

            Take(id, at, size);
            at += HeaderBytes + size + (size & 1);
        }

        info = new WavFileInfo { Refusal = _refusal ?? "It is a WAV file that ends before its first sample." };
        return false;
    }

    private void Take(string id, long at, uint size)
    {
        switch (id)
        {
            case "ds64" or "JUNK" when at == RiffBytes && size >= Ds64Bytes:
                _info = _info with { RoomOffset = at, RoomLength = size };
                if (id == "ds64")
                {
                    TakeDs64(at + HeaderBytes);
                }

                break;
            case "fmt " when size >= LeastFormat && _info.SampleRate == 0:
                TakeFormat(at + HeaderBytes, size);
                break;
            case "fmt " when _info.SampleRate == 0:
                _refusal = $"Its format chunk has {size} bytes, not {LeastFormat} at least.";
                break;
            case "fact" when size >= sizeof(uint):
                _info = _info with { FactOffset = at + HeaderBytes };
                break;
        }
    }

    /// <summary>RIFF size, data size, samples, entries of the table: 8, 8, 8 and 4 bytes.</summary>
    private void TakeDs64(long at)
    {
        Span<byte> sizes = stackalloc byte[2 * sizeof(long)];
        if (_info.IsRf64 && TryReadAt(at, sizes))
        {
            _riffSize = _riffSize == NoSize ? BinaryPrimitives.ReadInt64LittleEndian(sizes) : _riffSize;
            _ds64Data = BinaryPrimitives.ReadInt64LittleEndian(sizes[sizeof(long)..]);
        }
    }

    /// <summary>
    /// Little-endian: format, channels (2 bytes each), rate, bytes per second (4), block align, bits (2); the extensible
    /// format has the true one at 24, in the first two bytes of a GUID.
    /// </summary>
    private void TakeFormat(long at, uint size)
    {
        Span<byte> format = stackalloc byte[ExtensibleFormat];
        format = format[..(int)Math.Min(size, ExtensibleFormat)];
        if (!TryReadAt(at, format))
        {
            return;
        }

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        if (tag == Extensible && format.Length == ExtensibleFormat)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(format[SubFormatOffset..]);
        }

        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int align = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);

        // Fewer bits than whole bytes stand in the upper ones (Microsoft's and IBM's "Multimedia Programming Interface", 1991).
        var bytes = (bits + 7) / 8;
        var isKnown = (tag == Pcm && bytes is >= 1 and <= 4) || (tag == Float && bits is 32 or 64);
        _refusal =
            !isKnown ? $"It is a WAV file of a kind that is not known here (format tag 0x{tag:X2}, {bits} bits)."
            : rate is 0 or > int.MaxValue ? $"Its header gives a sample rate of {rate} Hz."
            : channels == 0 ? "Its header gives no channels."
            : align != channels * bytes ? $"Its header gives {align} bytes to {channels} samples of {bits} bits each."
            : null;
        if (_refusal is null)
        {
            _info = _info with { SampleRate = (int)rate, Channels = channels, BitsPerSample = bytes * 8, IsFloat = tag == Float, BlockAlign = align, FormatOffset = at, FormatLength = size };
        }
    }

    private void TakeData(long at, uint size)
    {
        if (_info.BlockAlign == 0)
        {
            return;
        }

        var rest = Math.Max(0, length - at);
        var said = size != NoSize ? size : _ds64Data >= 0 ? _ds64Data : long.MaxValue;
        var isGuess = said is (>= LeastGuess and <= MostGuess) or >= NoSuchSize;
        var isFinished = said <= rest && (said > 0 || rest == 0 || IsEndOfRiff(at)) && (IsBelieved(at + said, isGuess) || IsWhole(at, said));
        var known = isFinished ? said : rest;
        var whole = known - (known % _info.BlockAlign);

        // The file was left in the midst of a sample: what lies behind an odd end is its padding only if it is counted.
        var isPadMissing = isLeftOpen && isFinished && ((at + said) & 1) != 0 && HeaderBytes + _riffSize == at + said && length <= at + said + 1;
        _info = _info with
        {
            DataOffset = at,
            DataLength = whole,
            MissingBytes = isGuess ? 0 : Math.Max(0, said - rest),
            IsDataTrue = isFinished && !isPadMissing,
            IsUnfinished = !isFinished || isPadMissing || !IsRiffTrue(at + said),
        };
    }

    // A size that the one of all contradicts, or that was a guess, holds only where it leads to a chunk or to the end.
    private bool IsBelieved(long dataEnd, bool isGuess) => !isLeftOpen && !isGuess && HeaderBytes + _riffSize >= dataEnd;

    /// <summary>The data ends where the file does, or chunks follow that end there.</summary>
    private bool IsWhole(long at, long said)
    {
        var end = at + said;
        for (var i = 0; i < MaxChunks; i++)
        {
            end += end & 1;
            if (end >= length)
            {
                return true;
            }

            if (!TryReadChunk(end, out var id, out var size) || id.AsSpan().ContainsAnyExceptInRange(' ', '~') || end + HeaderBytes + size > length)
            {
                return false;
            }

            end += HeaderBytes + size;
        }

        return true;
    }

    // Without a sample in it, but with an end that was written: an empty file, with chunks behind.
    private bool IsEndOfRiff(long at) => HeaderBytes + _riffSize == length && IsWhole(at, 0);

    // A size that reaches beyond the file, or not to its own data, was never completed.
    private bool IsRiffTrue(long dataEnd) => HeaderBytes + _riffSize >= dataEnd && HeaderBytes + _riffSize <= length + 1;

    private bool TryReadChunk(long at, out string id, out uint size)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        var isRead = TryReadAt(at, header);
        id = isRead ? System.Text.Encoding.Latin1.GetString(header[..4]) : "";
        size = isRead ? BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) : 0;
        return isRead;
    }

    private bool TryReadAt(long at, Span<byte> destination) =>
        at + destination.Length <= length && FileWindow.ReadFully(read, at, destination) == destination.Length;
}
