using System.Numerics;

namespace Isr.Audio.Vorbis;

/// <summary>Which of a stream's modes have long blocks: all that must be known of the setup header to count samples.</summary>
internal readonly record struct VorbisModes
{
    private const int MaxModes = 64;
    private const int CountBits = 6;

    // One bit block flag, 16 window type, 16 transform type, 8 mapping.
    private const int ModeBits = 41;
    private const int MaxMapping = 63;

    // "vorbis" with its type, and what must at least stand before the modes.
    private const int LeastBitsBefore = 97;

    private ulong LongBlocks { get; init; }

    private int Count { get; init; }

    /// <summary>
    /// Reads the modes from the end of the setup header (Vorbis I specification, section 4.2.4). They stand last,
    /// before one framing bit, and everything before them would have to be decoded to come to them from the front.
    /// Window and transform types are always 0, so that the place where they begin shows; the count before them
    /// must agree.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> setup, out VorbisModes modes)
    {
        modes = default;
        var end = setup.TrimEnd((byte)0);
        if (end.IsEmpty)
        {
            return false;
        }

        // The framing bit is the last bit that is set.
        var position = (end.Length * 8) - 1 - BitOperations.LeadingZeroCount(end[^1]) + 24;
        ulong longBlocks = 0;
        for (var count = 1; count <= MaxModes; count++)
        {
            position -= ModeBits;
            if (position < LeastBitsBefore
                || ReadBits(setup, position + 1, 16) != 0
                || ReadBits(setup, position + 17, 16) != 0
                || ReadBits(setup, position + 33, 8) > MaxMapping)
            {
                break;
            }

            longBlocks = (longBlocks << 1) | ReadBits(setup, position, 1);
            if (ReadBits(setup, position - CountBits, CountBits) == (uint)count - 1)
            {
                modes = new VorbisModes { LongBlocks = longBlocks, Count = count };
            }
        }

        return modes.Count > 0;
    }

    /// <summary>
    /// The block size of a packet of audio; 0 when it is none (section 4.3.1: one bit packet type, then the
    /// number of the mode in as many bits as it takes).
    /// </summary>
    public int BlockSizeOf(ReadOnlySpan<byte> packet, in VorbisHeader header)
    {
        var first = packet[0];
        var modeBits = 32 - BitOperations.LeadingZeroCount((uint)Count - 1);
        var mode = (first >> 1) & ((1 << modeBits) - 1);
        if ((first & 1) != 0 || mode >= Count)
        {
            return 0;
        }

        return (LongBlocks >> mode & 1) != 0 ? header.LongBlock : header.ShortBlock;
    }

    // Vorbis packs bits from the lowest of a byte upwards.
    private static uint ReadBits(ReadOnlySpan<byte> source, int position, int count)
    {
        uint value = 0;
        for (var i = 0; i < count; i++)
        {
            value |= (uint)(source[(position + i) >> 3] >> ((position + i) & 7) & 1) << i;
        }

        return value;
    }
}
