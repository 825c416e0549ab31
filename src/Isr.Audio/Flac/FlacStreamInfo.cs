using System.Buffers.Binary;

namespace Isr.Audio.Flac;

/// <summary>The metadata block that tells what all frames have in common.</summary>
internal readonly record struct FlacStreamInfo
{
    /// <summary>Bytes of the block without its header.</summary>
    public const int Size = 34;

    private const int Md5Offset = 18;
    private const int MaxFrameSize = 0xFFFFFF;
    private const long MaxTotalSamples = (1L << 36) - 1;

    /// <summary>Samples of the smallest block but the last.</summary>
    public int MinBlock { get; init; }

    public int MaxBlock { get; init; }

    /// <summary>Bytes of the smallest frame; 0 unknown.</summary>
    public int MinFrame { get; init; }

    /// <summary>Bytes of the largest frame; 0 unknown.</summary>
    public int MaxFrame { get; init; }

    public int SampleRate { get; init; }

    public int Channels { get; init; }

    public int BitsPerSample { get; init; }

    /// <summary>Per channel; 0 unknown.</summary>
    public long TotalSamples { get; init; }

    /// <summary>Of all samples, in the order of its bytes; 0 unknown. Not read: it is true of a whole file alone.</summary>
    public UInt128 Md5 { get; init; }

    /// <summary>
    /// Reads the block, without its header (RFC 9639, section 8.2):
    /// <code>
    /// 16 smallest block   24 smallest frame   20 sample rate    5 bits per sample - 1   128 MD5 of the samples
    /// 16 largest block    24 largest frame     3 channels - 1  36 total samples
    /// </code>
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out FlacStreamInfo info)
    {
        info = default;
        if (source.Length < Size)
        {
            return false;
        }

        var bits = BinaryPrimitives.ReadUInt64BigEndian(source[10..]);
        info = new FlacStreamInfo
        {
            MinBlock = BinaryPrimitives.ReadUInt16BigEndian(source),
            MaxBlock = BinaryPrimitives.ReadUInt16BigEndian(source[2..]),
            MinFrame = (source[4] << 16) | (source[5] << 8) | source[6],
            MaxFrame = (source[7] << 16) | (source[8] << 8) | source[9],
            SampleRate = (int)(bits >> 44),
            Channels = ((int)(bits >> 41) & 7) + 1,
            BitsPerSample = ((int)(bits >> 36) & 31) + 1,
            TotalSamples = (long)bits & MaxTotalSamples,
        };

        // Block sizes are often wrong and not needed; a rate of 0 stands for what is no sound.
        return info.SampleRate > 0 && info.BitsPerSample >= 4;
    }

    /// <summary>
    /// Writes the block, without its header. In files cut from a stream the MD5 is 0, unknown: with every file it would be
    /// another, and to know it takes decoding.
    /// </summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)MinBlock);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)MaxBlock);

        // The bytes before a frame's size are written again after it.
        BinaryPrimitives.WriteInt32BigEndian(destination[6..], Math.Min(MaxFrame, MaxFrameSize));
        var min = Math.Min(MinFrame, MaxFrameSize);
        destination[4] = (byte)(min >> 16);
        destination[5] = (byte)(min >> 8);
        destination[6] = (byte)min;
        BinaryPrimitives.WriteUInt64BigEndian(
            destination[10..],
            ((ulong)SampleRate << 44)
                | ((ulong)(Channels - 1) << 41)
                | ((ulong)(BitsPerSample - 1) << 36)
                | (ulong)Math.Min(TotalSamples, MaxTotalSamples));
        BinaryPrimitives.WriteUInt128BigEndian(destination[Md5Offset..], Md5);
    }
}
