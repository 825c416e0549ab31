using System.Buffers.Binary;

namespace Isr.Audio.Tests.Hostile;

/// <summary>Damage to pages and packets behind a checksum that is right again: it reaches the code that trusts it.</summary>
internal static class OggMutation
{
    private const int MaxBytes = 400_000;

    public static byte[] OfPages(byte[] stream, byte[] other, Random random)
    {
        var pages = OggBytes.Pages(stream);
        if (random.Next(3) == 0 && pages.Count > 12)
        {
            // A short stream has its damage near its headers.
            pages = pages[..random.Next(6, pages.Count)];
        }

        for (var i = random.Next(6); i >= 0 && pages.Count > 0; i--)
        {
            Once(pages, other, random);
        }

        if (random.Next(600) == 0)
        {
            Endless(pages, random);
        }
        else if (random.Next(300) == 0)
        {
            Beginnings(pages, random);
        }

        return OggBytes.Join(pages);
    }

    private static void Once(List<byte[]> pages, byte[] other, Random random)
    {
        // Every second hit is among the header pages.
        var at = random.Next(random.Next(2) == 0 ? Math.Min(4, pages.Count) : pages.Count);
        byte[] page = [.. pages[at]];
        var isIntact = true;
        switch (OggBytes.IsWhole(page) ? random.Next(17) : 16)
        {
            case 0 or 1:
                var granule = random.Next(2) == 0
                    ? Mutation.Extreme(random)
                    : BinaryPrimitives.ReadInt64LittleEndian(page.AsSpan(6)) + random.Next(-100_000, 100_000);
                BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
                break;
            case 2:
                page[5] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(page[5] ^ (1 << random.Next(3)));
                break;
            case 3:
                BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), (uint)Mutation.Extreme(random));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), (uint)Mutation.Extreme(random));
                break;
            case 5:
                page = Laced(page, random);
                break;
            case 6 or 7 or 8:
                PrickPacket(page, random);
                break;
            case 9:
                Mutation.Prick(page.AsSpan(OggBytes.BodyOffset(page)), random);
                break;
            case 10:
                pages.RemoveAt(at);
                return;
            case 11:
                pages.Insert(random.Next(pages.Count + 1), page);
                return;
            case 12:
                var target = random.Next(pages.Count);
                (pages[at], pages[target]) = (pages[target], pages[at]);
                return;
            case 13:
                Splice(pages, at, OggBytes.Pages(other), random);
                return;
            case 14:
                Split(pages, at, random);
                return;
            case 15:
                // From here on another stream, or the same after a gap.
                var serial = random.Next(2) == 0 ? OggBytes.Serial(page) : (uint)random.Next();
                var gap = (uint)random.Next(1, 5);
                for (var i = at; i < pages.Count; i++)
                {
                    byte[] later = [.. pages[i]];
                    BinaryPrimitives.WriteUInt32LittleEndian(later.AsSpan(14), serial);
                    BinaryPrimitives.WriteUInt32LittleEndian(later.AsSpan(18), BinaryPrimitives.ReadUInt32LittleEndian(later.AsSpan(18)) + gap);
                    OggBytes.FixCrc(later);
                    pages[i] = later;
                }

                return;
            default:
                Mutation.Prick(page, random);
                isIntact = false;
                break;
        }

        if (isIntact)
        {
            OggBytes.FixCrc(page);
        }

        pages[at] = page;
    }

    private static byte[] Laced(byte[] page, Random random)
    {
        var lacing = page.AsSpan(OggBytes.HeaderBytes, page[26]).ToArray().ToList();
        switch (random.Next(4))
        {
            case 0 when lacing.Count > 0:
                lacing[random.Next(lacing.Count)] = random.Next(3) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };
                break;
            case 1 when lacing.Count < 255:
                lacing.InsertRange(random.Next(lacing.Count + 1), Enumerable.Repeat((byte)0, random.Next(1, 256 - lacing.Count)));
                break;
            case 2 when lacing.Count > 0:
                lacing.RemoveAt(random.Next(lacing.Count));
                break;
            default:
                // As many packets as there can be.
                lacing = [.. Enumerable.Repeat((byte)random.Next(1, 4), 255)];
                break;
        }

        return OggBytes.WithLacing(page, [.. lacing]);
    }

    private static void PrickPacket(byte[] page, Random random)
    {
        var lacing = page.AsSpan(OggBytes.HeaderBytes, page[26]);
        if (lacing.IsEmpty)
        {
            return;
        }

        var chosen = random.Next(lacing.Length);
        var at = OggBytes.BodyOffset(page);
        var start = at;
        for (var i = 0; i < chosen; i++)
        {
            at += lacing[i];
            start = lacing[i] < 255 ? at : start;
        }

        var end = at;
        for (var i = chosen; i < lacing.Length; i++)
        {
            end += lacing[i];
            if (lacing[i] < 255)
            {
                break;
            }
        }

        var packet = page.AsSpan(start, end - start);
        if (FlacBytes.HeaderLength(packet) > 0)
        {
            Mutation.Prick(packet, random);
            FlacBytes.FixCrcs(packet);
        }
        else
        {
            Mutation.Prick(packet, random);
        }
    }

    private static void Splice(List<byte[]> pages, int at, List<byte[]> others, Random random)
    {
        var from = random.Next(random.Next(2) == 0 ? Math.Min(3, others.Count) : others.Count);
        var part = others.GetRange(from, Math.Min(random.Next(1, 12), others.Count - from));
        if (random.Next(2) == 0)
        {
            var serial = OggBytes.Serial(pages[at]);
            foreach (var page in part)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), serial);
                OggBytes.FixCrc(page);
            }
        }

        pages.InsertRange(at, part);
    }

    private static void Split(List<byte[]> pages, int at, Random random)
    {
        var page = pages[at];
        if (page[26] < 2 || !OggBytes.IsWhole(page))
        {
            return;
        }

        var lacing = page.AsSpan(OggBytes.HeaderBytes, page[26]);
        var cut = random.Next(1, lacing.Length);
        var body = page.AsSpan(OggBytes.BodyOffset(page));
        var length = 0;
        foreach (var lace in lacing[..cut])
        {
            length += lace;
        }

        var granule = BinaryPrimitives.ReadInt64LittleEndian(page.AsSpan(6));
        var continues = lacing[cut - 1] == 255 ? (byte)1 : (byte)0;
        var sequence = BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(18));
        var first = OggBytes.Page((byte)(page[5] & ~4), random.Next(2) == 0 ? -1 : granule, OggBytes.Serial(page), sequence, lacing[..cut], body[..length]);
        var second = OggBytes.Page((byte)((page[5] & ~3) | continues), granule, OggBytes.Serial(page), sequence + 1, lacing[cut..], body[length..]);
        pages[at] = first;
        pages.Insert(at + 1, second);
        if (random.Next(2) == 0)
        {
            List<byte[]> copies = [.. pages.Select(copy => copy.ToArray())];
            OggBytes.Number(copies, OggBytes.Serial(page));
            pages.Clear();
            pages.AddRange(copies);
        }
    }

    // A packet that goes on and on, sometimes for longer than any limit.
    private static void Endless(List<byte[]> pages, Random random)
    {
        var at = random.Next(1, pages.Count + 1);
        var serial = OggBytes.Serial(pages[at - 1]);
        var sequence = BinaryPrimitives.ReadUInt32LittleEndian(pages[at - 1].AsSpan(18)) + 1;
        var lacing = Enumerable.Repeat((byte)255, 255).ToArray();
        var body = new byte[255 * 255];
        random.NextBytes(body);
        var count = random.Next(4) == 0 ? 90 : MaxBytes / body.Length;
        pages.InsertRange(at, Enumerable.Range(0, count).Select(i => OggBytes.Page(i == 0 ? (byte)0 : (byte)1, -1, serial, (uint)(sequence + i), lacing, body)));
    }

    // Streams that only ever begin.
    private static void Beginnings(List<byte[]> pages, Random random)
    {
        var at = random.Next(pages.Count + 1);
        var first = pages[0];
        pages.InsertRange(at, Enumerable.Range(0, 2000).Select(i =>
        {
            byte[] page = [.. first];
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), (uint)random.Next());
            OggBytes.FixCrc(page);
            return page;
        }));
    }
}
