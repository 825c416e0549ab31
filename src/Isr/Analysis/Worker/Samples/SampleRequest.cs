using System.Buffers.Binary;

namespace Isr.Analysis.Worker.Samples;

/// <summary>Which samples of a piece are wanted. A piece is a small file of any coded format that plays alone.</summary>
/// <param name="First">The first of them, counted from the first that the decoder gives.</param>
/// <param name="Count">How many, per channel.</param>
/// <param name="SampleRate">By what rate they are counted. A decoder that gives twice that (HE-AAC) gives twice as many.</param>
internal readonly record struct SampleRequest(long First, long Count, int SampleRate)
{
    /// <summary>The longest piece.</summary>
    public const int MaxPieceBytes = 64 << 20;

    /// <summary>The request as it is sent: before the bytes of the piece, with their number.</summary>
    public const int Bytes = (2 * sizeof(long)) + (2 * sizeof(int));

    public byte[] ToBytes(int pieceBytes)
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, First);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), pieceBytes);
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SampleRequest request, out int pieceBytes)
    {
        request = new SampleRequest(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
        pieceBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
        return request is { First: >= 0, Count: > 0, SampleRate: > 0 } && pieceBytes is >= 0 and <= MaxPieceBytes;
    }
}
