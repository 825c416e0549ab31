using System.Buffers.Binary;
using System.Text;

namespace Isr.Audio.Tests.Hostile;

/// <summary>Ogg pages as the tests take them apart and put them together, on their own code (RFC 3533, section 6).</summary>
internal static class OggBytes
{
    public const int HeaderBytes = 27;

    private const int MaxLacing = 255;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The pages of an undamaged stream.</summary>
    public static List<byte[]> Pages(ReadOnlySpan<byte> stream)
    {
        var pages = new List<byte[]>();
        while (!stream.IsEmpty)
        {
            Assert.True(stream.StartsWith("OggS"u8));
            var length = BodyOffset(stream) + Sum(stream.Slice(HeaderBytes, stream[26]));
            pages.Add(stream[..length].ToArray());
            stream = stream[length..];
        }

        return pages;
    }

    public static byte[] Join(IEnumerable<byte[]> pages) => [.. pages.SelectMany(page => page)];

    public static int BodyOffset(ReadOnlySpan<byte> page) => HeaderBytes + page[26];

    /// <summary>Whether its lacing still tells its length.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> page) =>
        BodyOffset(page) <= page.Length && page.Length == BodyOffset(page) + Sum(page.Slice(HeaderBytes, page[26]));

    public static uint Serial(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[14..]);

    public static byte[] Page(byte flags, long granule, uint serial, uint sequence, ReadOnlySpan<byte> lacing, ReadOnlySpan<byte> body)
    {
        var page = new byte[HeaderBytes + lacing.Length + body.Length];
        "OggS"u8.CopyTo(page);
        page[5] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), sequence);
        page[26] = (byte)lacing.Length;
        lacing.CopyTo(page.AsSpan(HeaderBytes));
        body.CopyTo(page.AsSpan(HeaderBytes + lacing.Length));
        FixCrc(page);
        return page;
    }

    /// <summary>The page with other lacing; what its body lacks is zero, what it has too much falls away.</summary>
    public static byte[] WithLacing(ReadOnlySpan<byte> page, ReadOnlySpan<byte> lacing)
    {
        var body = new byte[Sum(lacing)];
        var old = page[BodyOffset(page)..];
        old[..Math.Min(old.Length, body.Length)].CopyTo(body);
        return Page(page[5], BinaryPrimitives.ReadInt64LittleEndian(page[6..]), Serial(page), BinaryPrimitives.ReadUInt32LittleEndian(page[18..]), lacing, body);
    }

    /// <summary>Pages whose sequence numbers and checksums are right again, in one logical stream.</summary>
    public static void Number(List<byte[]> pages, uint serial)
    {
        for (var i = 0; i < pages.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(pages[i].AsSpan(14), serial);
            BinaryPrimitives.WriteUInt32LittleEndian(pages[i].AsSpan(18), (uint)i);
            FixCrc(pages[i]);
        }
    }

    /// <summary>Cuts every page after the first in two, inside a packet: packets then span pages.</summary>
    public static byte[] Span(byte[] stream)
    {
        var pages = new List<byte[]>();
        foreach (var page in Pages(stream))
        {
            var lacing = page.AsSpan(HeaderBytes, page[26]);
            var full = lacing.IndexOf((byte)MaxLacing);
            if (pages.Count == 0 || full < 0 || lacing[..full].Length > 0)
            {
                // A packet that ends before the cut would need a granule that is not known here.
                pages.Add(page);
                continue;
            }

            var body = page.AsSpan(BodyOffset(page));
            pages.Add(Page((byte)(page[5] & ~4), -1, 0, 0, lacing[..1], body[..MaxLacing]));
            pages.Add(Page((byte)((page[5] & ~2) | 1), BinaryPrimitives.ReadInt64LittleEndian(page.AsSpan(6)), 0, 0, lacing[1..], body[MaxLacing..]));
        }

        Number(pages, Serial(stream));
        return Join(pages);
    }

    /// <summary>A stream whose comment packet, the second, holds a picture of so many bytes.</summary>
    public static byte[] WithPicture(byte[] stream, Random random, int bytes)
    {
        var pages = Pages(stream);
        var headers = new List<byte[]>();
        var taken = 0;
        var packet = new List<byte>();

        // All packets of the pages up to the end of the last header: these hold no audio.
        var isOpus = stream.AsSpan().IndexOf("OpusHead"u8) >= 0;
        var isVorbis = stream.AsSpan().IndexOf("\u0001vorbis"u8) >= 0;
        var wanted = isVorbis ? 3 : 2;
        while (headers.Count < wanted || packet.Count > 0)
        {
            var page = pages[taken++];
            var at = BodyOffset(page);
            foreach (var lace in page.AsSpan(HeaderBytes, page[26]))
            {
                packet.AddRange(page.AsSpan(at, lace));
                at += lace;
                if (lace < MaxLacing)
                {
                    headers.Add([.. packet]);
                    packet.Clear();
                }
            }
        }

        var picture = new byte[bytes];
        random.NextBytes(picture);
        if (isOpus || isVorbis)
        {
            var comment = Encoding.ASCII.GetBytes("METADATA_BLOCK_PICTURE=" + Convert.ToBase64String(picture));
            headers[1] = [.. isOpus ? "OpusTags"u8 : "\u0003vorbis"u8, 0, 0, 0, 0, 1, 0, 0, 0, .. Little(comment.Length), .. comment, 1];
        }
        else
        {
            headers[1][0] &= 0x7F;
            headers.Insert(2, [0x86, (byte)(bytes >> 16), (byte)(bytes >> 8), (byte)bytes, .. picture]);
            headers[0][8]++;
        }

        List<byte[]> made = [Page(2, 0, 0, 0, [(byte)headers[0].Length], headers[0])];
        foreach (var header in headers.Skip(1))
        {
            AddPages(made, header);
        }

        made.AddRange(pages.Skip(taken));
        Number(made, Serial(stream));
        return Join(made);
    }

    /// <summary>Two streams side by side, as video carries its sound: both beginnings, then a page of each in turn.</summary>
    public static byte[] Multiplex(byte[] one, byte[] other)
    {
        var (left, right) = (Pages(one), Pages(other));
        Number(right, Serial(one) ^ 0x55);
        var pages = new List<byte[]>();
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            pages.AddRange(left.Skip(i).Take(1));
            pages.AddRange(right.Skip(i).Take(1));
        }

        return Join(pages);
    }

    /// <summary>A second link with another serial.</summary>
    public static byte[] Chain(byte[] one, byte[] other, uint serial)
    {
        var second = Pages(other);
        Number(second, serial);
        return [.. one, .. Join(second)];
    }

    public static void FixCrc(Span<byte> page)
    {
        page.Slice(22, 4).Clear();
        uint crc = 0;
        foreach (var value in page)
        {
            crc = (crc << 8) ^ Table[(crc >> 24) ^ value];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page[22..], crc);
    }

    private static void AddPages(List<byte[]> pages, ReadOnlySpan<byte> packet)
    {
        byte flags = 0;
        while (true)
        {
            var isLast = packet.Length < 255 * MaxLacing;
            var full = isLast ? packet.Length / MaxLacing : 255;
            var lacing = new byte[full + (isLast ? 1 : 0)];
            lacing.AsSpan(0, full).Fill(MaxLacing);
            if (isLast)
            {
                lacing[full] = (byte)(packet.Length % MaxLacing);
            }

            var length = Sum(lacing);
            pages.Add(Page(flags, isLast ? 0 : -1, 0, 0, lacing, packet[..length]));
            packet = packet[length..];
            flags = 1;
            if (isLast)
            {
                return;
            }
        }
    }

    private static int Sum(ReadOnlySpan<byte> lacing)
    {
        var sum = 0;
        foreach (var lace in lacing)
        {
            sum += lace;
        }

        return sum;
    }

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (uint)i << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ 0x04C1_1DB7 : crc << 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
