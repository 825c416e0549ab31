using System.Buffers;
using System.Buffers.Binary;

namespace Isr.Audio.Flac;

/// <summary>A whole frame of FLAC: header, subframes, CRC-16 (RFC 9639, section 9).</summary>
internal static class FlacFrame
{
    private const int NumberOffset = 4;
    private const int FooterBytes = 2;
    private const int MaxNumberBytes = 7;

    // The CRC of bytes that end with their own CRC is 0.
    public static bool HasValidCrc(ReadOnlySpan<byte> frame) => frame.Length > FooterBytes && FlacCrc.Crc16(frame) == 0;

    /// <summary>
    /// Writes the frame with another number, which counts samples if <paramref name="isVariable"/>, else frames; returns
    /// its length.
    /// </summary>
    public static int Write(ReadOnlySpan<byte> frame, in FlacHeader header, long number, bool isVariable, IBufferWriter<byte> output)
    {
        var written = output.GetSpan(frame.Length + MaxNumberBytes);
        frame[..NumberOffset].CopyTo(written);
        written[1] = (byte)((written[1] & 0xFE) | (isVariable ? 1 : 0));
        var at = NumberOffset + FlacHeader.WriteNumber(number, written[NumberOffset..]);

        var sizeAndRate = frame[(NumberOffset + header.NumberLength)..(header.Length - 1)];
        sizeAndRate.CopyTo(written[at..]);
        at += sizeAndRate.Length;
        written[at] = FlacCrc.Crc8(written[..at]);
        at++;

        var subframes = frame[header.Length..^FooterBytes];
        subframes.CopyTo(written[at..]);
        at += subframes.Length;
        BinaryPrimitives.WriteUInt16BigEndian(written[at..], FlacCrc.Crc16(written[..at]));
        at += FooterBytes;
        output.Advance(at);
        return at;
    }
}
