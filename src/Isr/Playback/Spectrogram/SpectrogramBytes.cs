using System.Buffers.Binary;
using Isr.Audio.Spectrum;

namespace Isr.Playback.Spectrogram;

/// <summary>
/// A spectrogram as bytes, all little-endian (docs/formats.md).
/// <code>
///  0  magic, 8   8  version, 4   12  columns, 4   16  rows, 4   20  sample rate, 4   24  samples of a transform, 4   28  0, 4
/// 32  first second, 8   40  last second, 8   48  columns times rows levels   then, at an even place,  lowest samples, 2 each   highest samples, 2 each
/// </code>
/// </summary>
internal static class SpectrogramBytes
{
    public const int HeadBytes = 48;
    private const uint Version = 1;

    public static byte[] Write(SpectrogramMaker picture, SpectrogramShape shape, int sampleRate, double from, double to)
    {
        var levels = shape.Columns * shape.Rows;
        var at = HeadBytes + levels + (levels % 2);
        var bytes = new byte[at + (2 * sizeof(short) * shape.Columns)];
        "isrspect"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), shape.Columns);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), shape.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), shape.Transform);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(32), from);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(40), to);
        picture.Levels.CopyTo(bytes.AsSpan(HeadBytes));
        Write(picture.Minimum, bytes.AsSpan(at));
        Write(picture.Maximum, bytes.AsSpan(at + (sizeof(short) * shape.Columns)));
        return bytes;
    }

    private static void Write(ReadOnlySpan<short> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(i * sizeof(short))..], values[i]);
        }
    }
}
