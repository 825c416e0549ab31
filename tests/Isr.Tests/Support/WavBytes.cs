using System.Buffers.Binary;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>WAV files byte by byte, right or wrong.</summary>
internal static class WavBytes
{
    public const int Pcm = 1;
    public const int Float = 3;

    /// <summary>A file as it should be.</summary>
    public static byte[] File(int tag, int rate, int channels, int bits, ReadOnlySpan<byte> data) => Riff([.. Chunk("fmt ", Format(tag, rate, channels, bits)), .. Chunk("data", data)]);

    public static byte[] Riff(ReadOnlySpan<byte> chunks) => [.. "RIFF"u8, .. UInt32((uint)chunks.Length + 4), .. "WAVE"u8, .. chunks];

    public static byte[] Chunk(string id, ReadOnlySpan<byte> content) => [.. Encoding.Latin1.GetBytes(id), .. UInt32((uint)content.Length), .. content, .. new byte[content.Length & 1]];

    public static byte[] Format(int tag, int rate, int channels, int bits) => Format(tag, rate, channels, bits, channels * ((bits + 7) / 8));

    public static byte[] Format(int tag, int rate, int channels, int bits, int align) =>
        [.. UInt16(tag), .. UInt16(channels), .. UInt32((uint)rate), .. UInt32((uint)(rate * align)), .. UInt16(align), .. UInt16(bits)];

    /// <summary>WAVE_FORMAT_EXTENSIBLE: the bits that count stand in the upper ones of each sample.</summary>
    public static byte[] Extensible(int tag, int rate, int channels, int bits, int validBits) =>
        [.. Format(0xFFFE, rate, channels, bits), .. UInt16(22), .. UInt16(validBits), .. UInt32(0), .. UInt16(tag), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Writes both sizes over, that of all and that of the data.</summary>
    public static byte[] WithSizes(byte[] file, uint riff, uint data)
    {
        byte[] copy = [.. file];
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(4), riff);
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(copy.AsSpan().IndexOf("data"u8) + 4), data);
        return copy;
    }

    private static byte[] UInt16(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] UInt32(uint value) => BitConverter.GetBytes(value);
}
