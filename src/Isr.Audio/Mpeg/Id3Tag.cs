using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Isr.Audio.Mpeg;

/// <summary>The ID3v2.4 tag at the head of a file (https://id3.org/id3v2.4.0-structure, section 3).</summary>
public static class Id3Tag
{
    internal const int HeaderBytes = 10;

    private const int FooterFlag = 0x10;
    private const byte Utf8 = 3;

    // A name longer than this says nothing more.
    private const int MaxSourceChars = 200;

    /// <summary>Writes a tag with the source and its start; returns its length.</summary>
    internal static int Write(in FileFacts facts, IBufferWriter<byte> output)
    {
        var source = facts.Source.Length > MaxSourceChars ? facts.Source[..MaxSourceChars] : facts.Source;
        var title = string.Create(CultureInfo.InvariantCulture, $"{source} {facts.Start:yyyy-MM-dd HH:mm:ss zzz}").Replace('\0', ' ');
        var time = facts.Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

        var tag = output.GetSpan(HeaderBytes + (3 * (HeaderBytes + 1)) + (3 * title.Length) + time.Length + 3);
        var at = HeaderBytes;
        at += WriteText(tag[at..], "TIT2"u8, title);
        at += WriteText(tag[at..], "TDRC"u8, time);
        at += WriteText(tag[at..], "TSSE"u8, "isr");
        "ID3"u8.CopyTo(tag);
        tag[3] = 4;
        tag[4] = 0;
        tag[5] = 0;
        WriteSize(tag[6..], at - HeaderBytes);
        output.Advance(at);
        return at;
    }

    /// <summary>Whether a tag begins here, and the bytes of all of it.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> source, out long length)
    {
        length = 0;

        // Version and revision are never 0xFF, the size has no top bits.
        if (source.Length < HeaderBytes
            || !source.StartsWith("ID3"u8)
            || source[3] == 0xFF
            || source[4] == 0xFF
            || ((source[6] | source[7] | source[8] | source[9]) & 0x80) != 0)
        {
            return false;
        }

        length = HeaderBytes + ((source[6] << 21) | (source[7] << 14) | (source[8] << 7) | source[9]);
        length += (source[5] & FooterFlag) != 0 ? HeaderBytes : 0;
        return true;
    }

    /// <summary>
    /// Whether a tag begins here, in the middle of other bytes, where three letters alone are little to go by:
    /// versions 2 to 4, no revision has been, nor the lower flags.
    /// </summary>
    internal static bool TryRecognise(ReadOnlySpan<byte> source, out long length) =>
        TryReadLength(source, out length) && source[3] is >= 2 and <= 4 && source[4] == 0 && (source[5] & 15) == 0;

    /// <summary>Whether a whole tag is one that <see cref="Write"/> wrote.</summary>
    internal static bool IsOurs(ReadOnlySpan<byte> tag) => tag.EndsWith("TSSE\0\0\0\u0004\0\0\u0003isr"u8);

    private static int WriteText(Span<byte> destination, ReadOnlySpan<byte> id, string text)
    {
        var content = destination[(HeaderBytes + 1)..];
        var length = Encoding.UTF8.GetBytes(text, content);
        id.CopyTo(destination);
        WriteSize(destination[4..], length + 1);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], 0);
        destination[HeaderBytes] = Utf8;
        return HeaderBytes + 1 + length;
    }

    // Sizes have 7 bits a byte, so that none looks like an MPEG sync.
    private static void WriteSize(Span<byte> destination, int size)
    {
        destination[0] = 0;
        destination[1] = (byte)((size >> 14) & 0x7F);
        destination[2] = (byte)((size >> 7) & 0x7F);
        destination[3] = (byte)(size & 0x7F);
    }
}
