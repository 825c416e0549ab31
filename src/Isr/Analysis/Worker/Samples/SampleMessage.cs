using System.Buffers.Binary;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>What a decoding process answers. Each message: length of its content (4 bytes), kind (1), content. Integers are little-endian.</summary>
internal enum SampleMessage : byte
{
    /// <summary>What the samples are like, once, before any: rate (4 bytes), channels (4), <see cref="SampleFormat"/> (4).</summary>
    Format = 1,

    /// <summary>Whole moments.</summary>
    Samples,

    /// <summary>No more will come; where none came, a sentence that says why.</summary>
    Done,
}

/// <summary>The framing of the answers.</summary>
internal static class SampleFraming
{
    public const int HeadBytes = sizeof(int) + sizeof(byte);

    /// <summary>The longest content: as much as a pipe holds.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int FormatBytes = 3 * sizeof(int);

    public static void WriteHead(Span<byte> destination, SampleMessage kind, int contentBytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, contentBytes);
        destination[sizeof(int)] = (byte)kind;
    }

    /// <summary>False for what is no head of a message.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> source, out SampleMessage kind, out int contentBytes)
    {
        contentBytes = BinaryPrimitives.ReadInt32LittleEndian(source);
        kind = (SampleMessage)source[sizeof(int)];
        return contentBytes is >= 0 and <= MaxBytes && kind is SampleMessage.Format or SampleMessage.Samples or SampleMessage.Done;
    }

    public static byte[] ToBytes(in PcmFormat format)
    {
        var bytes = new byte[FormatBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, format.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), format.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), (int)format.Sample);
        return bytes;
    }

    /// <summary>False for what is no sound: whoever wrote it may have been taken over by what it decoded.</summary>
    public static bool TryReadFormat(ReadOnlySpan<byte> source, out PcmFormat format)
    {
        format = default;
        if (source.Length != FormatBytes)
        {
            return false;
        }

        format = new PcmFormat(
            BinaryPrimitives.ReadInt32LittleEndian(source),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            (SampleFormat)BinaryPrimitives.ReadInt32LittleEndian(source[8..]));
        return format.SampleRate is > 0 and <= WavPipeHead.MostRate && format.Channels is > 0 and <= RecordingLevels.MaxChannels && Enum.IsDefined(format.Sample);
    }
}
