using System.Buffers.Binary;

namespace Isr.Tests.Support;

/// <summary>What a FLAC frame's header says (RFC 9639, section 9.1).</summary>
/// <param name="IsVariable">Whether the number counts samples, else frames.</param>
/// <param name="Number">Of the frame or of its first sample.</param>
/// <param name="BlockSize">Samples per channel.</param>
/// <param name="NumberLength">Bytes of the number, which is at 4.</param>
/// <param name="Length">Of the header with its CRC-8.</param>
internal readonly record struct FlacHeader(bool IsVariable, long Number, int BlockSize, int NumberLength, int Length);

/// <summary>What STREAMINFO says of the sound.</summary>
internal readonly record struct FlacFormat(int SampleRate, int Channels, int BitsPerSample);

/// <summary>
/// Cuts FLAC into frames, strictly, by both checksums and by the numbers, which must follow each other. Written
/// apart from the program's own readers, as their judge.
/// </summary>
internal static class FlacSplitter
{
    private const int StreamInfoBytes = 34;

    /// <summary>No frame of the test sounds is longer.</summary>
    private const int MaxFrameBytes = 1 << 20;

    private static readonly byte[] s_crc8 = [.. Enumerable.Range(0, 256).Select(v => (byte)CrcOfByte(v, 0x07, 8))];
    private static readonly ushort[] s_crc16 = [.. Enumerable.Range(0, 256).Select(v => (ushort)CrcOfByte(v, 0x8005, 16))];

    /// <summary>A recorded file: its frames, whose numbers begin with 0 and follow each other.</summary>
    public static (FlacFormat Format, List<HeardFrame> Frames) File(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        Assert.True(bytes.StartsWith("fLaC"u8) && (bytes[4] & 0x7F) == 0 && Length24(bytes[5..]) == StreamInfoBytes, "No STREAMINFO at the start.");
        var at = 4;
        for (var isLast = false; !isLast; at += 4 + Length24(bytes[(at + 1)..]))
        {
            isLast = (bytes[at] & 0x80) != 0;
        }

        var format = FormatOf(bytes[8..]);
        var frames = Cut(file, at, format.SampleRate, allowCutEnd: false);
        CheckFile(bytes[4..], [.. frames.Select(f => f.Original)]);
        return (format, frames);
    }

    /// <summary>The whole frames of a native stream that begins and ends anywhere.</summary>
    public static List<HeardFrame> FromMiddle(ReadOnlyMemory<byte> stream, int sampleRate)
    {
        for (var at = 0; at < stream.Length; at++)
        {
            // A false beginning ends in nothing: two frames that follow each other are none.
            if (TryHeader(stream.Span[at..]) is { } header && FrameEnd(stream.Span, at, header) is > 0 and var end
                && TryHeader(stream.Span[end..]) is { } next && FrameEnd(stream.Span, end, next) > 0)
            {
                return Cut(stream, at, sampleRate, allowCutEnd: true);
            }
        }

        return [];
    }

    /// <summary>Fails unless STREAMINFO, given with its four bytes of block header, is true and the numbers begin with 0.</summary>
    public static void CheckFile(ReadOnlySpan<byte> streamInfo, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        Assert.True((streamInfo[0] & 0x7F) == 0 && Length24(streamInfo[1..]) == StreamInfoBytes, "This is no STREAMINFO.");
        var info = streamInfo[4..];
        var samples = 0L;
        var longest = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = frames[i].Span;
            Assert.True(TryHeader(frame) is not null, $"Frame {i} has no header.");
            var header = TryHeader(frame)!.Value;
            Assert.True(Crc16(frame) == 0, $"Frame {i} has a wrong CRC-16.");
            Assert.True(header.Number == (header.IsVariable ? samples : i), $"Frame {i} at sample {samples} has number {header.Number}.");
            samples += header.BlockSize;
            longest = Math.Max(longest, header.BlockSize);
        }

        var total = BinaryPrimitives.ReadInt64BigEndian(info[10..]) & 0xF_FFFF_FFFF;
        Assert.True(total == samples, $"STREAMINFO has {total} samples, the frames {samples}.");
        Assert.True(longest <= BinaryPrimitives.ReadUInt16BigEndian(info[2..]), "A block is longer than STREAMINFO allows.");
        var sizes = frames.Select(f => f.Length).DefaultIfEmpty().ToList();
        var (least, most) = (Length24(info[4..]), Length24(info[7..]));
        Assert.True(least == 0 || least == sizes.Min(), $"STREAMINFO has {least} bytes for the smallest frame, which has {sizes.Min()}.");
        Assert.True(most == 0 || most == sizes.Max(), $"STREAMINFO has {most} bytes for the largest frame, which has {sizes.Max()}.");
        Assert.True(info.Slice(18, 16).IndexOfAnyExcept((byte)0) < 0, "The MD5 of a stream cannot be known.");
    }

    /// <summary>Of STREAMINFO without its block header.</summary>
    public static FlacFormat FormatOf(ReadOnlySpan<byte> streamInfo) => new(
        Length24(streamInfo[10..]) >> 4, (streamInfo[12] >> 1 & 7) + 1, (streamInfo[12] << 4 & 16 | streamInfo[13] >> 4) + 1);

    /// <summary>A frame without its number, the flag that says what it counts, and both checksums.</summary>
    public static byte[] SoundOf(ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.Span;
        Assert.True(TryHeader(bytes) is not null, "A frame has no header.");
        Assert.True(Crc16(bytes) == 0, "A frame has a wrong CRC-16.");
        var header = TryHeader(bytes)!.Value;
        return [(byte)(bytes[1] & 0xFE), .. bytes[2..4], .. bytes[(4 + header.NumberLength)..(header.Length - 1)], .. bytes[header.Length..^2]];
    }

    public static FlacHeader? TryHeader(ReadOnlySpan<byte> b)
    {
        if (b.Length < 6 || b[0] != 0xFF || (b[1] & 0xFE) != 0xF8 || b[2] >> 4 == 0 || (b[2] & 15) == 15 || b[3] >> 4 > 10 || (b[3] & 1) != 0)
        {
            return null;
        }

        // The number is coded as UTF-8 codes a character, but up to 36 bits.
        var length = b[4] < 0x80 ? 1 : int.LeadingZeroCount(~(b[4] << 24));
        if (length == 1 && b[4] >= 0x80 || length > 7 || b.Length < 4 + length + 5)
        {
            return null;
        }

        long number = length == 1 ? b[4] : b[4] & 0x7F >> length;
        for (var i = 1; i < length; i++)
        {
            number = number << 6 | (uint)(b[4 + i] & 0x3F);
        }

        var at = 4 + length;
        var size = (b[2] >> 4) switch
        {
            1 => 192,
            6 => b[at++] + 1,
            7 => (b[at++] << 8 | b[at++]) + 1,
            < 6 and var code => 576 << code - 2,
            var code => 256 << code - 8,
        };
        at += (b[2] & 15) switch { 12 => 1, 13 or 14 => 2, _ => 0 };
        byte crc = 0;
        foreach (var value in b[..at])
        {
            crc = s_crc8[crc ^ value];
        }

        return b[at] == crc ? new FlacHeader((b[1] & 1) != 0, number, size, length, at + 1) : null;
    }

    /// <summary>Of the polynomial's width in bits, from 0, high bit first.</summary>
    public static int Crc(ReadOnlySpan<byte> bytes, int polynomial, int width)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc = ((crc << 8) ^ CrcOfByte(crc >> (width - 8) ^ value, polynomial, width)) & ((1 << width) - 1);
        }

        return crc;
    }

    private static List<HeardFrame> Cut(ReadOnlyMemory<byte> bytes, int at, int sampleRate, bool allowCutEnd)
    {
        var frames = new List<HeardFrame>();
        while (at < bytes.Length)
        {
            var header = TryHeader(bytes.Span[at..]);
            var end = header is { } known ? FrameEnd(bytes.Span, at, known) : -1;

            // Live, the end of a frame shows only when the next one begins.
            if (allowCutEnd && (end < 0 || end == bytes.Length) && bytes.Length - at < 64 * 1024)
            {
                break;
            }

            Assert.True(header is not null && end > 0, $"No whole frame at byte {at} of {bytes.Length}, after {frames.Count} frames.");
            var frame = bytes[at..end];
            frames.Add(new HeardFrame(SoundOf(frame), header.Value.BlockSize, sampleRate, end, 0, frame));
            at = end;
        }

        return frames;
    }

    /// <summary>Where the frame's CRC-16 fits and the next one, or nothing, follows; -1 when it does not end.</summary>
    private static int FrameEnd(ReadOnlySpan<byte> bytes, int at, FlacHeader header)
    {
        ushort crc = 0;
        for (var end = at; end < Math.Min(bytes.Length, at + MaxFrameBytes);)
        {
            crc = (ushort)(crc << 8 ^ s_crc16[crc >> 8 ^ bytes[end++]]);
            if (crc != 0 || end < at + header.Length + 2)
            {
                continue;
            }

            var expected = header.Number + (header.IsVariable ? header.BlockSize : 1);
            if (end == bytes.Length || TryHeader(bytes[end..]) is { } next && next.IsVariable == header.IsVariable && next.Number == expected)
            {
                return end;
            }
        }

        return -1;
    }

    private static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var value in bytes)
        {
            crc = (ushort)(crc << 8 ^ s_crc16[crc >> 8 ^ value]);
        }

        return crc;
    }

    private static int Length24(ReadOnlySpan<byte> bytes) => bytes[0] << 16 | bytes[1] << 8 | bytes[2];

    private static int CrcOfByte(int value, int polynomial, int width)
    {
        var crc = value << width - 8;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc >> width - 1 & 1) != 0 ? crc << 1 ^ polynomial : crc << 1;
        }

        return crc & (1 << width) - 1;
    }
}
