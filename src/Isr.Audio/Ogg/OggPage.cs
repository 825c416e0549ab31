using System.Buffers.Binary;

namespace Isr.Audio.Ogg;

/// <summary>What a page says of itself, and what it carries.</summary>
[Flags]
internal enum OggPageFlags : byte
{
    None = 0,

    /// <summary>The first packet began on an earlier page.</summary>
    Continued = 1,

    /// <summary>The first page of a logical stream.</summary>
    Begin = 2,

    /// <summary>The last page of a logical stream.</summary>
    End = 4,
}

/// <summary>A page of an Ogg stream (RFC 3533, section 6). It borrows its bytes.</summary>
internal readonly ref struct OggPage
{
    /// <summary>Bytes before the table of segments.</summary>
    public const int FixedHeaderBytes = 27;

    public const int MaxSegments = 255;

    /// <summary>A segment as long as this does not end its packet.</summary>
    public const int FullSegment = 255;

    public const int MaxBytes = FixedHeaderBytes + MaxSegments + (MaxSegments * FullSegment);

    /// <summary>The granule position of a page on which no packet ends.</summary>
    public const long NoGranule = -1;

    /// <summary>Where the checksum is; it counts as zero in its own calculation.</summary>
    public const int CrcOffset = 22;

    private const int CrcBytes = 4;

    private OggPage(ReadOnlySpan<byte> source, int segments, int bodyLength)
    {
        var body = FixedHeaderBytes + segments;
        Flags = (OggPageFlags)source[5];
        Granule = BinaryPrimitives.ReadInt64LittleEndian(source[6..]);
        Serial = BinaryPrimitives.ReadUInt32LittleEndian(source[14..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(source[18..]);
        Segments = source[FixedHeaderBytes..body];
        Body = source.Slice(body, bodyLength);
        Length = body + bodyLength;
    }

    public static ReadOnlySpan<byte> Magic => "OggS"u8;

    public OggPageFlags Flags { get; }

    /// <summary>The position, in the codec's own measure, at the end of the last packet that ends on this page.</summary>
    public long Granule { get; }

    public uint Serial { get; }

    public uint Sequence { get; }

    /// <summary>The lengths of the body's segments.</summary>
    public ReadOnlySpan<byte> Segments { get; }

    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Bytes of the whole page.</summary>
    public int Length { get; }

    public bool Has(OggPageFlags flag) => (Flags & flag) != 0;

    /// <summary>
    /// Reads the page at the start of <paramref name="source"/>, if it is whole and its checksum fits:
    /// <code>
    ///  0  "OggS"                      14  serial number of the logical stream
    ///  4  version, 0                  18  page sequence number
    ///  5  flags                       22  CRC-32
    ///  6  granule position            26  number of segments, then their lengths
    /// </code>
    /// All numbers are little-endian.
    /// </summary>
    /// <param name="source">Bytes from where a page may begin.</param>
    /// <param name="page">The page, when true is returned.</param>
    /// <param name="needed">More than <paramref name="source"/> has when the page is longer, as far as can be told; 0 when no page begins here.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, out OggPage page, out int needed)
    {
        page = default;
        needed = 0;
        var known = Math.Min(source.Length, Magic.Length);
        if (!source[..known].SequenceEqual(Magic[..known]) || (source.Length > Magic.Length && source[Magic.Length] != 0))
        {
            return false;
        }

        if (source.Length < FixedHeaderBytes)
        {
            needed = FixedHeaderBytes;
            return false;
        }

        var segments = source[FixedHeaderBytes - 1];
        if (source.Length < FixedHeaderBytes + segments)
        {
            needed = FixedHeaderBytes + segments;
            return false;
        }

        var bodyLength = 0;
        foreach (var segment in source.Slice(FixedHeaderBytes, segments))
        {
            bodyLength += segment;
        }

        var length = FixedHeaderBytes + segments + bodyLength;
        if (source.Length < length)
        {
            needed = length;
            return false;
        }

        if (Crc(source[..length]) != BinaryPrimitives.ReadUInt32LittleEndian(source[CrcOffset..]))
        {
            return false;
        }

        page = new OggPage(source, segments, bodyLength);
        return true;
    }

    /// <summary>A page that was read before and is known to be whole.</summary>
    public static OggPage Reread(ReadOnlySpan<byte> source, int length)
    {
        var segments = source[FixedHeaderBytes - 1];
        return new OggPage(source, segments, length - FixedHeaderBytes - segments);
    }

    /// <summary>The checksum of a whole page.</summary>
    public static uint Crc(ReadOnlySpan<byte> page)
    {
        var crc = OggCrc.Append(0, page[..CrcOffset]);
        crc = OggCrc.Append(crc, [0, 0, 0, 0]);
        return OggCrc.Append(crc, page[(CrcOffset + CrcBytes)..]);
    }
}
