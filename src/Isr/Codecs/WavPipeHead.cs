using System.Buffers.Binary;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;

namespace Isr.Codecs;

/// <summary>The head of a WAV file of single precision that comes through a pipe: its sizes are not known.</summary>
internal static class WavPipeHead
{
    /// <summary>A slower one is no sound.</summary>
    public const int LeastRate = 1000;

    public const int MostRate = 1_048_575;

    private const int RiffBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int FormatBytes = 16;
    private const ushort Float = 3;
    private const ushort Extensible = 0xFFFE;

    /// <summary>False while more bytes are needed. The format is none where it is no such file, or of a rate or channels that nothing has.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PcmFormat format, out int length)
    {
        format = default;
        length = 0;
        var at = RiffBytes;
        while (source.Length >= at + ChunkHeaderBytes)
        {
            var chunk = source[at..];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += ChunkHeaderBytes;
            if (chunk.StartsWith("data"u8))
            {
                length = at;
                return true;
            }

            if (chunk.StartsWith("fmt "u8))
            {
                if (chunk.Length < ChunkHeaderBytes + FormatBytes)
                {
                    return false;
                }

                format = ReadFormat(chunk[ChunkHeaderBytes..]);
            }

            // A chunk that cannot be passed over is longer than any that may be here: the caller's buffer ends it.
            at = (int)Math.Min(at + (long)size + (size & 1), int.MaxValue - ChunkHeaderBytes);
        }

        return false;
    }

    private static PcmFormat ReadFormat(ReadOnlySpan<byte> format)
    {
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        return tag is Float or Extensible && bits == 8 * sizeof(float) && channels is > 0 and <= RecordingLevels.MaxChannels && rate is >= LeastRate and <= MostRate
            ? new PcmFormat((int)rate, channels, SampleFormat.Real)
            : default;
    }
}
