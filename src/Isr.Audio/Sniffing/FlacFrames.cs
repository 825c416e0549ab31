namespace Isr.Audio.Sniffing;

/// <summary>
/// Recognises FLAC frames without the header of a file, as servers send them to whoever joins later
/// (RFC 9639, section 9.1).
/// </summary>
internal static class FlacFrames
{
    private const int MaxHeaderBytes = 16;

    /// <summary>
    /// Two headers with a valid CRC whose numbers follow on one another; or one at the very start of all there is.
    /// </summary>
    public static bool AreIn(ReadOnlySpan<byte> source, bool isFinal)
    {
        ulong? expected = null;
        uint format = 0;
        for (var at = source.IndexOf((byte)0xFF); at >= 0 && at < source.Length; at = Next(source, at))
        {
            if (!TryReadHeader(source[at..], out var number, out var samples, out var found))
            {
                continue;
            }

            if (number == expected && found == format)
            {
                return true;
            }

            if (isFinal && at == 0)
            {
                return true;
            }

            // Variable block sizes number samples, fixed ones frames.
            expected = number + ((found & 1) != 0 ? (ulong)samples : 1);
            format = found;
        }

        return false;
    }

    private static int Next(ReadOnlySpan<byte> source, int at)
    {
        var next = source[(at + 1)..].IndexOf((byte)0xFF);
        return next < 0 ? source.Length : at + 1 + next;
    }

    // FLAC's sync is 15 bits and the blocking strategy; then 4 bits of block size, 4 of sample rate, 4 of channels,
    // 3 of sample size, one zero; the number as UTF-8 would code it; a block size and a rate where they were announced; CRC-8.
    private static bool TryReadHeader(ReadOnlySpan<byte> source, out ulong number, out int samples, out uint format)
    {
        number = 0;
        samples = 0;
        format = 0;
        if (source.Length < MaxHeaderBytes || (source[1] & 0xFE) != 0xF8)
        {
            return false;
        }

        var sizeCode = source[2] >> 4;
        var rateCode = source[2] & 15;
        var channels = source[3] >> 4;
        var depth = (source[3] >> 1) & 7;
        if (sizeCode == 0 || rateCode == 15 || channels > 10 || depth == 3 || (source[3] & 1) != 0)
        {
            return false;
        }

        if (!TryReadNumber(source[4..], out number, out var at))
        {
            return false;
        }

        at += 4;
        samples = sizeCode switch
        {
            1 => 192,
            <= 5 => 576 << (sizeCode - 2),
            6 => source[at] + 1,
            7 => ((source[at] << 8) | source[at + 1]) + 1,
            _ => 256 << (sizeCode - 8),
        };
        at += sizeCode switch { 6 => 1, 7 => 2, _ => 0 };
        at += rateCode switch { 12 => 1, 13 or 14 => 2, _ => 0 };

        // How stereo is coded may change with every frame (8 to 10), the rest may not.
        format = (uint)((source[1] & 1) | (rateCode << 4) | ((channels > 7 ? 1 : channels) << 8) | (depth << 12));
        return Crc8(source[..at]) == source[at];
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> source, out ulong number, out int length)
    {
        var first = source[0];
        length = first < 0x80 ? 1 : System.Numerics.BitOperations.LeadingZeroCount((uint)(byte)~first) - 24;
        number = first < 0x80 ? first : (ulong)(first & (0x7F >> length));
        if (first is >= 0x80 and < 0xC0 or 0xFF)
        {
            return false;
        }

        for (var i = 1; i < length; i++)
        {
            if ((source[i] & 0xC0) != 0x80)
            {
                return false;
            }

            number = (number << 6) | (uint)(source[i] & 0x3F);
        }

        return true;
    }

    private static byte Crc8(ReadOnlySpan<byte> data)
    {
        var crc = 0;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x107 : crc << 1;
            }
        }

        return (byte)crc;
    }
}
