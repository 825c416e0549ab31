using System.Buffers.Binary;

namespace Isr.Audio.Wav;

/// <summary>Writes how much a WAV file holds into the chunks before its format.</summary>
internal static class WavSizes
{
    /// <summary>
    /// Such a file must be RF64: from 4 GiB on. The size alone could tell a few bytes more, but readers count the file's
    /// length in 32 bits, too.
    /// </summary>
    /// <param name="riff">Bytes behind the first 8.</param>
    public static bool AreLarge(long riff) => riff + WavChunks.HeaderBytes > uint.MaxValue;

    /// <summary>RIFF and the size of all that follows it.</summary>
    public static void WriteRiff(Span<byte> head, long riff)
    {
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)riff);
        "WAVE"u8.CopyTo(head[8..]);
    }

    /// <summary>
    /// RF64 with the sizes in a ds64 chunk in place of the one that kept room for it (EBU Tech 3306):
    /// <code>
    /// 4 "RF64"   4 0xFFFFFFFF   4 "WAVE"
    /// 4 "ds64"   4 its size     8 RIFF size   8 data size   8 samples per channel   4 entries of the table, none here
    /// </code>
    /// </summary>
    /// <param name="head">The file up to the end of that chunk at least.</param>
    /// <param name="roomOffset">Where the chunk begins.</param>
    /// <param name="roomLength">Its size as it stands there, not below <see cref="WavChunks.Ds64Bytes"/>.</param>
    /// <param name="riff">Bytes behind the first 8.</param>
    /// <param name="data">Bytes of the samples.</param>
    /// <param name="samples">Samples per channel.</param>
    public static void WriteRf64(Span<byte> head, int roomOffset, uint roomLength, long riff, long data, long samples)
    {
        "RF64"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], WavChunks.NoSize);
        "WAVE"u8.CopyTo(head[8..]);

        var ds64 = head.Slice(roomOffset, WavChunks.HeaderBytes + WavChunks.Ds64Bytes);
        "ds64"u8.CopyTo(ds64);
        BinaryPrimitives.WriteUInt32LittleEndian(ds64[4..], roomLength);
        BinaryPrimitives.WriteInt64LittleEndian(ds64[8..], riff);
        BinaryPrimitives.WriteInt64LittleEndian(ds64[16..], data);
        BinaryPrimitives.WriteInt64LittleEndian(ds64[24..], samples);
        BinaryPrimitives.WriteUInt32LittleEndian(ds64[32..], 0);
    }
}
