using System.Buffers.Binary;

namespace Isr.Audio.Mending;

/// <summary>Tags that other programs put at the end of a file: ID3v1, APE, Lyrics3, ID3v2 with a footer.</summary>
internal static class TrailingTags
{
    private const int Id3v1Bytes = 128;
    private const int ApeFooterBytes = 32;
    private const int Id3FooterBytes = 10;

    /// <summary>Whether a tag begins here.</summary>
    public static bool BeginAt(ReadOnlySpan<byte> source) =>
        source.StartsWith("TAG"u8) || source.StartsWith("APETAGEX"u8) || source.StartsWith("ID3"u8) || source.StartsWith("LYRICSBEGIN"u8);

    /// <summary>Bytes of the tags with which a file ends.</summary>
    public static long Measure(ReadAt read, long length)
    {
        var rest = length;
        rest -= StartsAt(read, rest - Id3v1Bytes, "TAG"u8) ? Id3v1Bytes : 0;
        if (StartsAt(read, rest - ApeFooterBytes, "APETAGEX"u8))
        {
            // The size counts the footer; a header, if there is one, is as long again.
            Span<byte> footer = stackalloc byte[ApeFooterBytes];
            FileWindow.ReadFully(read, rest - ApeFooterBytes, footer);
            var hasHeader = (footer[23] & 0x80) != 0;
            rest -= Math.Min(rest, BinaryPrimitives.ReadUInt32LittleEndian(footer[12..]) + (hasHeader ? ApeFooterBytes : 0));
        }

        rest -= StartsAt(read, rest - Id3FooterBytes, "3DI"u8) ? Id3FooterBytes : 0;
        return length - rest;
    }

    private static bool StartsAt(ReadAt read, long at, ReadOnlySpan<byte> magic)
    {
        Span<byte> start = stackalloc byte[8];
        return at >= 0 && start[..FileWindow.ReadFully(read, at, start)].StartsWith(magic);
    }
}
