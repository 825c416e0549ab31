using System.Buffers.Binary;

namespace Isr.Playback.Clips;

/// <summary>The head of a WAV file of 16 bits whose length is known beforehand.</summary>
internal static class ClipHead
{
    public const int Bits = 16;

    /// <summary>What the head can tell of.</summary>
    public const long MostDataBytes = uint.MaxValue - 1024;

    private const int RiffBytes = 12;
    private const int ChunkBytes = 8;
    private const int PlainBytes = 16;
    private const int ExtensibleBytes = 40;

    // KSDATAFORMAT_SUBTYPE_PCM.
    private static ReadOnlySpan<byte> Pcm => [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>RIFF, fmt, the head of data; more than two channels make the format extensible.</summary>
    public static byte[] Make(int sampleRate, int channels, uint dataBytes)
    {
        var formatBytes = channels > 2 ? ExtensibleBytes : PlainBytes;
        var head = new byte[RiffBytes + ChunkBytes + formatBytes + ChunkBytes];
        var align = channels * (Bits / 8);
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(head.Length - ChunkBytes) + dataBytes);
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), formatBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(20), channels > 2 ? (ushort)0xFFFE : (ushort)1);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), sampleRate * align);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(32), (ushort)align);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(34), Bits);
        if (channels > 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(36), ExtensibleBytes - PlainBytes - 2);
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(38), Bits);
            Pcm.CopyTo(head.AsSpan(44));
        }

        "data"u8.CopyTo(head.AsSpan(^8));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(^4), dataBytes);
        return head;
    }
}
