using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Isr.Audio.Wav;

/// <summary>
/// All of a WAV file up to its first sample, with every size 0 that grows: RIFF, room for a ds64 chunk, bext, a LIST
/// chunk where the source's name is not ASCII, fmt, a fact chunk where the format is extensible, the header of data.
/// </summary>
internal static class WavHead
{
    /// <summary>More than any head has.</summary>
    public const int MaxBytes = WavChunks.RiffBytes
        + WavChunks.HeaderBytes + WavChunks.Ds64Bytes
        + WavChunks.HeaderBytes + BextBytes + MaxHistoryBytes
        + (2 * WavChunks.HeaderBytes) + InfoTypeBytes + (MaxBytesPerChar * FileFacts.MaxSourceChars) + 2
        + WavChunks.HeaderBytes + WavChunks.ExtensibleFormat
        + WavChunks.HeaderBytes + sizeof(uint)
        + WavChunks.HeaderBytes;

    /// <summary>From the end of the head to the fact chunk's number of samples.</summary>
    public const int FactFromEnd = WavChunks.HeaderBytes + sizeof(uint);

    private const int BextBytes = 602;
    private const int MaxHistoryBytes = 64;
    private const int InfoTypeBytes = 4;
    private const int MaxBytesPerChar = 3;
    private const int OriginatorOffset = 256;
    private const int DateOffset = 320;
    private const int TimeOffset = 330;
    private const int TimeReferenceOffset = 338;
    private const int VersionOffset = 346;

    // KSDATAFORMAT_SUBTYPE_PCM behind the first two bytes, which are the format.
    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public static bool IsExtensible(in AudioFormat format) => format.Channels > 2;

    public static byte[] Make(in AudioFormat format, in FileFacts facts)
    {
        Span<byte> chunk = stackalloc byte[WavChunks.ExtensibleFormat];
        chunk = chunk[..(IsExtensible(format) ? WavChunks.ExtensibleFormat : WavChunks.LeastFormat)];
        WriteFormat(chunk, format);
        return Make(format, facts, chunk, IsExtensible(format));
    }

    /// <summary>The same with a format chunk as it stood in another file.</summary>
    /// <param name="format">What the history of coding says.</param>
    /// <param name="facts">What the file says of itself.</param>
    /// <param name="chunk">The format chunk without its header, at most <see cref="WavChunks.ExtensibleFormat"/> bytes.</param>
    /// <param name="hasFact">A fact chunk stands before the data.</param>
    public static byte[] Make(in AudioFormat format, in FileFacts facts, ReadOnlySpan<byte> chunk, bool hasFact)
    {
        var head = new ArrayBufferWriter<byte>(MaxBytes);
        WavSizes.WriteRiff(head.GetSpan(WavChunks.RiffBytes), 0);
        head.Advance(WavChunks.RiffBytes);
        Chunk(head, "JUNK"u8, WavChunks.Ds64Bytes);

        var history = History(format);
        WriteBext(Chunk(head, "bext"u8, BextBytes + history.Length), format.SampleRate, facts, history);
        if (!Ascii.IsValid(facts.ShortSource))
        {
            WriteName(head, Encoding.UTF8.GetBytes(facts.ShortSource));
        }

        chunk.CopyTo(Chunk(head, "fmt "u8, chunk.Length));
        if (hasFact)
        {
            Chunk(head, "fact"u8, sizeof(uint));
        }

        Chunk(head, "data"u8, 0);
        Debug.Assert(head.WrittenCount <= MaxBytes && head.WrittenCount % 2 == 0, "chunks begin at even offsets");
        return head.WrittenSpan.ToArray();
    }

    /// <summary>Writes the sizes that are true for so much data.</summary>
    /// <param name="head">All up to the first sample.</param>
    /// <param name="hasFact">It has a fact chunk.</param>
    /// <param name="dataBytes">Of the samples.</param>
    /// <param name="samples">Per channel.</param>
    /// <param name="isPadded">A byte follows that is none of them.</param>
    public static void WriteSizes(Span<byte> head, bool hasFact, long dataBytes, long samples, bool isPadded)
    {
        var riff = head.Length - WavChunks.HeaderBytes + dataBytes + (isPadded ? 1 : 0);
        var isLarge = WavSizes.AreLarge(riff);
        if (isLarge)
        {
            WavSizes.WriteRf64(head, WavChunks.RiffBytes, WavChunks.Ds64Bytes, riff, dataBytes, samples);
        }
        else
        {
            WavSizes.WriteRiff(head, riff);
        }

        if (hasFact)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head[^FactFromEnd..], (uint)Math.Min(samples, uint.MaxValue));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(head[^sizeof(uint)..], isLarge ? WavChunks.NoSize : (uint)dataBytes);
    }

    /// <summary>
    /// A bext chunk (EBU Tech 3285, version 1): description 256, originator 32, its reference 32, date 10, time 8, time
    /// reference 8, version 2, UMID 64, reserved 190, then the coding history. Texts are ASCII, and end at a 0 where
    /// they are shorter.
    /// </summary>
    private static void WriteBext(Span<byte> bext, int sampleRate, in FileFacts facts, string history)
    {
        var start = facts.Start.UtcDateTime;
        Encoding.ASCII.GetBytes(facts.ShortSource, bext);
        "isr"u8.CopyTo(bext[OriginatorOffset..]);
        Encoding.ASCII.GetBytes(start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), bext[DateOffset..]);
        Encoding.ASCII.GetBytes(start.ToString("HH:mm:ss", CultureInfo.InvariantCulture), bext[TimeOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(bext[TimeReferenceOffset..], facts.TimeReference(sampleRate));
        BinaryPrimitives.WriteUInt16LittleEndian(bext[VersionOffset..], 1);
        Encoding.ASCII.GetBytes(history, bext[BextBytes..]);
    }

    /// <summary>What made the file (EBU R 98), of even length. It has no word for more than two channels.</summary>
    private static string History(in AudioFormat format)
    {
        var mode = format.Channels switch { 1 => ",M=mono", 2 => ",M=stereo", _ => "" };
        var line = $"A=PCM,F={format.SampleRate},W={format.BitsPerSample}{mode},T=isr";
        return line.Length % 2 == 0 ? $"{line}\r\n" : $"{line} \r\n";
    }

    /// <summary>The name as it is, in UTF-8, where bext can only hold question marks: LIST, INFO, INAM.</summary>
    private static void WriteName(ArrayBufferWriter<byte> head, ReadOnlySpan<byte> name)
    {
        // It ends with a 0, and with another where its length is odd.
        var length = name.Length + 1;
        var list = Chunk(head, "LIST"u8, InfoTypeBytes + WavChunks.HeaderBytes + length + (length & 1));
        "INFOINAM"u8.CopyTo(list);
        BinaryPrimitives.WriteInt32LittleEndian(list[8..], length);
        name.CopyTo(list[12..]);
    }

    private static void WriteFormat(Span<byte> chunk, in AudioFormat format)
    {
        var align = format.Channels * format.BitsPerSample / 8;
        BinaryPrimitives.WriteUInt16LittleEndian(chunk, IsExtensible(format) ? WavChunks.Extensible : WavChunks.Pcm);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk[2..], (ushort)format.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(chunk[4..], format.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(chunk[8..], format.SampleRate * align);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk[12..], (ushort)align);
        BinaryPrimitives.WriteUInt16LittleEndian(chunk[14..], (ushort)format.BitsPerSample);
        if (IsExtensible(format))
        {
            // Bytes that follow, bits that count, then a mask of loudspeakers: 0, for a soundcard's inputs are none.
            BinaryPrimitives.WriteUInt16LittleEndian(chunk[16..], WavChunks.ExtensibleFormat - 18);
            BinaryPrimitives.WriteUInt16LittleEndian(chunk[18..], (ushort)format.BitsPerSample);
            BinaryPrimitives.WriteUInt16LittleEndian(chunk[WavChunks.SubFormatOffset..], WavChunks.Pcm);
            SubFormatTail.CopyTo(chunk[(WavChunks.SubFormatOffset + sizeof(ushort))..]);
        }
    }

    /// <summary>A chunk of zeros, to be filled.</summary>
    private static Span<byte> Chunk(ArrayBufferWriter<byte> head, ReadOnlySpan<byte> id, int size)
    {
        var chunk = head.GetSpan(WavChunks.HeaderBytes + size)[..(WavChunks.HeaderBytes + size)];
        chunk.Clear();
        id.CopyTo(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk[id.Length..], size);
        head.Advance(chunk.Length);
        return chunk[WavChunks.HeaderBytes..];
    }
}
