using System.Buffers;
using System.Buffers.Binary;

namespace Isr.Audio.Ogg;

/// <summary>
/// Writes the pages of one logical stream (RFC 3533, section 6). Packets are gathered and put out a page at a time; the
/// last one is held back, since only the end of the file shows whether its page is the last.
/// </summary>
internal sealed class OggPageWriter
{
    private readonly Gathered[] _packets = new Gathered[OggPage.MaxSegments];
    private readonly PacketBuffer _bytes = new();
    private int _count;
    private int _segments;
    private uint _serial;
    private uint _sequence;

    /// <summary>Samples of the packets that were not put out yet.</summary>
    public int PendingSamples { get; private set; }

    public static int BytesOf(int packetBytes) => OggPage.FixedHeaderBytes + SegmentsOf(packetBytes) + packetBytes;

    /// <summary>Writes a first page alone, as <see cref="Begin"/> does, and returns its length.</summary>
    public static int WriteFirst(uint serial, ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        Span<byte> lacing = stackalloc byte[OggPage.MaxSegments];
        lacing = lacing[..Lace(packet.Length, lacing)];
        return WritePage(destination, new PageFacts(OggPageFlags.Begin, 0, serial, 0), lacing, packet);
    }

    /// <summary>Begins a file; <paramref name="first"/> gets a page of its own, as every codec asks.</summary>
    public void Begin(uint serial, ReadOnlySpan<byte> first, IBufferWriter<byte> output)
    {
        (_serial, _sequence, _count, _segments, PendingSamples) = (serial, 0, 0, 0, 0);
        _bytes.Clear();
        Gather(first, 0, 0);
        PutOut(_count, OggPageFlags.Begin, output);
    }

    /// <summary>Adds a header packet; the last one ends its page.</summary>
    public void AddHeader(ReadOnlySpan<byte> packet, bool isLast, IBufferWriter<byte> output)
    {
        MakeRoom(packet.Length, output);
        Gather(packet, 0, 0);
        if (isLast)
        {
            PutOut(_count, OggPageFlags.None, output);
        }
    }

    /// <summary>Adds a packet of audio.</summary>
    /// <param name="packet">Its bytes.</param>
    /// <param name="samples">Samples of it that count as the stream's.</param>
    /// <param name="granule">The granule position at its end.</param>
    /// <param name="output">Takes the pages that are full.</param>
    public void Add(ReadOnlySpan<byte> packet, int samples, long granule, IBufferWriter<byte> output)
    {
        MakeRoom(packet.Length, output);
        Gather(packet, samples, granule);
    }

    /// <summary>
    /// Puts out all packets but the last. What only prepares a decoder waits for the first sound: a page of audio at
    /// position 0 is taken for a fault.
    /// </summary>
    public void Flush(IBufferWriter<byte> output)
    {
        if (_count > 1 && _packets[_count - 2].Granule > 0)
        {
            PutOut(_count - 1, OggPageFlags.None, output);
        }
    }

    /// <summary>
    /// Puts out all that is left, the last packet on a page that ends the stream. With all the sound on that one page,
    /// ffmpeg would drop a packet of Vorbis.
    /// </summary>
    public void Finish(IBufferWriter<byte> output)
    {
        Flush(output);
        PutOut(_count, OggPageFlags.End, output);
    }

    private static int SegmentsOf(int packetBytes) => (packetBytes / OggPage.FullSegment) + 1;

    private void MakeRoom(int packetBytes, IBufferWriter<byte> output)
    {
        if (_count > 0 && _segments + SegmentsOf(packetBytes) > OggPage.MaxSegments)
        {
            PutOut(_count, OggPageFlags.None, output);
        }
    }

    private void Gather(ReadOnlySpan<byte> packet, int samples, long granule)
    {
        _bytes.Append(packet);
        _packets[_count++] = new Gathered(packet.Length, samples, granule);
        _segments += SegmentsOf(packet.Length);
        PendingSamples += samples;
    }

    /// <summary>Writes so many packets from the front. One that has more segments than a page stands alone here.</summary>
    private void PutOut(int count, OggPageFlags flags, IBufferWriter<byte> output)
    {
        if (count == 0)
        {
            return;
        }

        var length = 0;
        var segments = 0;
        foreach (ref readonly var packet in _packets.AsSpan(0, count))
        {
            length += packet.Length;
            segments += SegmentsOf(packet.Length);
            PendingSamples -= packet.Samples;
        }

        var granule = _packets[count - 1].Granule;
        var body = _bytes.Span[..length];
        if (segments > OggPage.MaxSegments)
        {
            body = PutOutBeginning(body, flags & OggPageFlags.Begin, output);
            flags = (flags & OggPageFlags.End) | OggPageFlags.Continued;
            _packets[0] = new Gathered(body.Length, 0, granule);
        }

        Span<byte> lacing = stackalloc byte[OggPage.MaxSegments];
        var laced = 0;
        foreach (ref readonly var packet in _packets.AsSpan(0, count))
        {
            laced += Lace(packet.Length, lacing[laced..]);
        }

        PutOutPage(flags, granule, lacing[..laced], body, output);
        _packets.AsSpan(count, _count - count).CopyTo(_packets);
        _bytes.RemoveFirst(length);
        _count -= count;
        _segments -= segments;
    }

    /// <summary>Writes a long packet in full pages, on which it does not end; returns what is left of it for the last page.</summary>
    private ReadOnlySpan<byte> PutOutBeginning(ReadOnlySpan<byte> packet, OggPageFlags flags, IBufferWriter<byte> output)
    {
        const int FullBody = OggPage.MaxSegments * OggPage.FullSegment;
        Span<byte> lacing = stackalloc byte[OggPage.MaxSegments];
        lacing.Fill(OggPage.FullSegment);
        while (packet.Length >= FullBody)
        {
            PutOutPage(flags, OggPage.NoGranule, lacing, packet[..FullBody], output);
            packet = packet[FullBody..];
            flags = OggPageFlags.Continued;
        }

        return packet;
    }

    private void PutOutPage(OggPageFlags flags, long granule, ReadOnlySpan<byte> lacing, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        var page = output.GetSpan(OggPage.FixedHeaderBytes + lacing.Length + body.Length);
        output.Advance(WritePage(page, new PageFacts(flags, granule, _serial, _sequence++), lacing, body));
    }

    private static int WritePage(Span<byte> page, in PageFacts facts, ReadOnlySpan<byte> lacing, ReadOnlySpan<byte> body)
    {
        var length = OggPage.FixedHeaderBytes + lacing.Length + body.Length;
        page = page[..length];
        page[..OggPage.FixedHeaderBytes].Clear();
        OggPage.Magic.CopyTo(page);
        page[5] = (byte)facts.Flags;
        BinaryPrimitives.WriteInt64LittleEndian(page[6..], facts.Granule);
        BinaryPrimitives.WriteUInt32LittleEndian(page[14..], facts.Serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[18..], facts.Sequence);
        page[OggPage.FixedHeaderBytes - 1] = (byte)lacing.Length;
        lacing.CopyTo(page[OggPage.FixedHeaderBytes..]);
        body.CopyTo(page[(OggPage.FixedHeaderBytes + lacing.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.CrcOffset..], OggPage.Crc(page));
        return length;
    }

    /// <summary>The lengths of a packet's segments; the last is shorter than a full one, and may be empty.</summary>
    private static int Lace(int packetBytes, Span<byte> lacing)
    {
        var segments = SegmentsOf(packetBytes);
        lacing[..(segments - 1)].Fill(OggPage.FullSegment);
        lacing[segments - 1] = (byte)(packetBytes % OggPage.FullSegment);
        return segments;
    }

    private readonly record struct Gathered(int Length, int Samples, long Granule);

    private readonly record struct PageFacts(OggPageFlags Flags, long Granule, uint Serial, uint Sequence);
}
