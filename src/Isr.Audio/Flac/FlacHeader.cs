using System.Numerics;

namespace Isr.Audio.Flac;

/// <summary>The header of a FLAC frame.</summary>
internal readonly record struct FlacHeader
{
    /// <summary>The longest header; a shorter rest may hold only part of one.</summary>
    public const int MaxHeaderBytes = 16;

    private const int FixedBytes = 4;
    private const int MaxBitsPerSample = 32;
    private const int FooterBytes = 2;
    private const int MaxSubframeHeaderBytes = 72;

    /// <summary>Blocks may have any size, and <see cref="Number"/> counts samples instead of frames.</summary>
    public bool IsVariable { get; private init; }

    /// <summary>Of the first sample, or of the frame where all blocks are of one size.</summary>
    public long Number { get; private init; }

    /// <summary>Samples per channel.</summary>
    public int BlockSize { get; private init; }

    /// <summary>0: as STREAMINFO says.</summary>
    public int SampleRate { get; private init; }

    public int Channels { get; private init; }

    /// <summary>0: as STREAMINFO says.</summary>
    public int BitsPerSample { get; private init; }

    /// <summary>Bytes of the header, its CRC-8 included.</summary>
    public int Length { get; private init; }

    /// <summary>Bytes of the coded <see cref="Number"/>, the fifth and following.</summary>
    public int NumberLength { get; private init; }

    /// <summary>The number of the frame that follows.</summary>
    public long NextNumber => Number + (IsVariable ? BlockSize : 1);

    /// <summary>
    /// The most bytes that the frame may have: an encoder stores samples as they are where it cannot make them fewer. One
    /// bit more a sample is what a side channel has, and each subframe has a header. Encoders judge small blocks by an
    /// estimate, and so store some that have grown by a predictor of up to 32 coefficients of 15 bits.
    /// </summary>
    public int MaxFrameBytes =>
        Length + FooterBytes + (Channels * (((BlockSize * ((BitsPerSample == 0 ? MaxBitsPerSample : BitsPerSample) + 1)) / 8) + MaxSubframeHeaderBytes));

    /// <summary>
    /// The fewest bytes that the frame may have: one sample in each subframe. Frames of silence are so small, and their
    /// checksum may be 0 and so fit before their end.
    /// </summary>
    public int MinFrameBytes => Length + FooterBytes + (((BitsPerSample + 8) * Channels) / 8);

    /// <summary>The most of all headers.</summary>
    public static int MostFrameBytes { get; } =
        new FlacHeader { Length = MaxHeaderBytes, Channels = 8, BlockSize = ushort.MaxValue }.MaxFrameBytes;

    /// <summary>Whether both can belong to one run of frames. How stereo is coded may change with every frame.</summary>
    public bool IsOneKindWith(in FlacHeader other) =>
        IsVariable == other.IsVariable
        && SampleRate == other.SampleRate
        && Channels == other.Channels
        && BitsPerSample == other.BitsPerSample;

    /// <summary>
    /// Reads the header at the start of <paramref name="source"/> (RFC 9639, section 9.1):
    /// <code>
    /// AAAAAAAA AAAAAAAB CCCCDDDD EEEEFFFG H... I... J... KKKKKKKK
    /// A 15  sync, 0x7FFC            F 3  bits per sample; 0 see STREAMINFO, 3 reserved
    /// B  1  1: variable block size  G 1  reserved, 0
    /// C  4  block size; 0 reserved  H 8 to 56  number of the frame or its first sample, coded as UTF-8 would
    /// D  4  rate; 0 see STREAMINFO, 15 none   I 0, 8 or 16  block size - 1, where C is 6 or 7
    /// E  4  channels - 1; 8 to 10 stereo with a side channel, 11 to 15 reserved
    /// K  8  CRC-8                             J 0, 8 or 16  rate in kHz, Hz or 10 Hz, where D is 12, 13 or 14
    /// </code>
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out FlacHeader header)
    {
        header = default;
        if (source.Length <= FixedBytes || source[0] != 0xFF || (source[1] & 0xFE) != 0xF8)
        {
            return false;
        }

        var isVariable = (source[1] & 1) != 0;
        var sizeCode = source[2] >> 4;
        var rateCode = source[2] & 15;
        var channelCode = source[3] >> 4;
        var depthCode = (source[3] >> 1) & 7;
        if (sizeCode == 0 || rateCode == 15 || channelCode > 10 || depthCode == 3 || (source[3] & 1) != 0
            || !TryReadNumber(source[FixedBytes..], isVariable, out var number, out var numberLength))
        {
            return false;
        }

        var sizeAt = FixedBytes + numberLength;
        var rateAt = sizeAt + sizeCode switch { 6 => 1, 7 => 2, _ => 0 };
        var crcAt = rateAt + rateCode switch { 12 => 1, 13 or 14 => 2, _ => 0 };
        if (source.Length <= crcAt || FlacCrc.Crc8(source[..crcAt]) != source[crcAt])
        {
            return false;
        }

        header = new FlacHeader
        {
            IsVariable = isVariable,
            Number = number,
            BlockSize = sizeCode switch
            {
                1 => 192,
                <= 5 => 144 << sizeCode,
                6 => source[sizeAt] + 1,
                7 => ((source[sizeAt] << 8) | source[sizeAt + 1]) + 1,
                _ => 1 << sizeCode,
            },
            SampleRate = rateCode switch
            {
                0 => 0,
                1 => 88200,
                2 => 176400,
                3 => 192000,
                4 => 8000,
                5 => 16000,
                6 => 22050,
                7 => 24000,
                8 => 32000,
                9 => 44100,
                10 => 48000,
                11 => 96000,
                12 => source[rateAt] * 1000,
                13 => (source[rateAt] << 8) | source[rateAt + 1],
                _ => ((source[rateAt] << 8) | source[rateAt + 1]) * 10,
            },
            Channels = channelCode > 7 ? 2 : channelCode + 1,
            BitsPerSample = depthCode switch { 0 => 0, 1 => 8, 2 => 12, 4 => 16, 5 => 20, 6 => 24, _ => 32 },
            Length = crcAt + 1,
            NumberLength = numberLength,
        };

        // STREAMINFO's 16 bits hold no block of 65,536, and sound has a rate.
        return header.BlockSize <= ushort.MaxValue && (rateCode == 0 || header.SampleRate > 0);
    }

    /// <summary>Writes a number as the header codes it, at most 7 bytes; returns their count.</summary>
    public static int WriteNumber(long number, Span<byte> destination)
    {
        if (number < 0x80)
        {
            destination[0] = (byte)number;
            return 1;
        }

        // A first byte of n ones has 7 - n bits of the number, each of the n - 1 that follow has 6.
        var length = 2;
        while (number >> ((5 * length) + 1) != 0)
        {
            length++;
        }

        for (var i = length - 1; i > 0; i--)
        {
            destination[i] = (byte)(0x80 | (number & 0x3F));
            number >>= 6;
        }

        destination[0] = (byte)((0xFF00 >> length) | (int)number);
        return length;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> source, bool isVariable, out long number, out int length)
    {
        // 31 bits of frames, 36 of samples.
        var longest = isVariable ? 7 : 6;
        var first = source[0];
        number = first;
        length = 1;
        if (first < 0x80)
        {
            return true;
        }

        length = BitOperations.LeadingZeroCount((uint)(byte)~first) - 24;
        if (length < 2 || length > longest || source.Length < length)
        {
            return false;
        }

        number = first & (0x7F >> length);
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
}
