using System.Buffers.Binary;

namespace Isr.Audio.Vorbis;

/// <summary>The identification header (Vorbis I specification, section 4.2.2).</summary>
internal readonly record struct VorbisHeader(int Channels, int SampleRate, int ShortBlock, int LongBlock)
{
    public const byte IdentificationType = 1;
    public const byte CommentType = 3;
    public const byte SetupType = 5;

    /// <summary>The type and "vorbis".</summary>
    public const int PreambleBytes = 7;

    private const int Size = 30;
    private const int MaxSampleRate = 1_000_000;

    public static bool IsHeader(ReadOnlySpan<byte> packet, byte type) =>
        packet.Length > PreambleBytes && packet[0] == type && packet[1..].StartsWith("vorbis"u8);

    /// <summary>
    /// Reads the packet, little-endian:
    /// <code>
    ///  0  1, "vorbis"      12  sample rate            28  block sizes, as powers of two: 4 bits short, 4 bits long
    ///  7  version, 0       16  bitrates: maximum,     29  1: the end
    /// 11  channels             nominal, minimum
    /// </code>
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out VorbisHeader header)
    {
        header = default;
        if (packet.Length < Size || !IsHeader(packet, IdentificationType))
        {
            return false;
        }

        var rate = BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]);
        header = new VorbisHeader(packet[11], (int)Math.Min(rate, int.MaxValue), 1 << (packet[28] & 15), 1 << (packet[28] >> 4));
        return BinaryPrimitives.ReadUInt32LittleEndian(packet[7..]) == 0
            && header.Channels > 0
            && rate is > 0 and <= MaxSampleRate
            && header.ShortBlock >= 64
            && header.LongBlock is >= 64 and <= 8192
            && header.ShortBlock <= header.LongBlock
            && (packet[29] & 1) != 0;
    }
}
