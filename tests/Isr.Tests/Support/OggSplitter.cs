using Isr.Audio;

namespace Isr.Tests.Support;

/// <summary>One logical stream: from a page that begins it to the next such page.</summary>
/// <param name="Serial">As in its pages.</param>
/// <param name="Coding">What its packets are.</param>
/// <param name="Headers">The packets before the sound.</param>
/// <param name="Packets">The sound; <see cref="HeardFrame.Original"/> is the packet.</param>
/// <param name="Pages">Those with sound.</param>
internal sealed record OggLink(
    uint Serial, OggCoding Coding, IReadOnlyList<ReadOnlyMemory<byte>> Headers, IReadOnlyList<HeardFrame> Packets, IReadOnlyList<OggPage> Pages)
{
    /// <summary>Packets at the start of a file that only repeat the file before, so that the decoder is warm.</summary>
    public int LeadIn { get; init; }

    /// <summary>Ends inside its last packet, so that nothing can carry it on.</summary>
    public bool IsTrimmed { get; init; }

    public long Samples => Packets.Sum(p => (long)p.Samples);
}

/// <summary>
/// Cuts Ogg into packets, strictly: whatever is not as the format or the rules of recorded files want it is an
/// error. Written apart from the program's own readers, as their judge.
/// </summary>
internal static class OggSplitter
{
    /// <summary>The pages of bytes that begin with one. A cut-off last page is an error unless allowed.</summary>
    public static List<OggPage> Pages(ReadOnlyMemory<byte> bytes, bool allowCutEnd = false)
    {
        var pages = new List<OggPage>();
        while ((pages.Count == 0 ? 0 : pages[^1].End) is var at && at < bytes.Length && OggPage.Read(bytes, at, allowCutEnd) is { } page)
        {
            pages.Add(page);
        }

        return pages;
    }

    /// <summary>The logical streams of a live stream as a listener gets it: headers first, then from anywhere on.</summary>
    public static List<OggLink> Tap(ReadOnlyMemory<byte> stream)
    {
        var links = new List<List<OggPage>>();
        foreach (var page in Pages(stream, allowCutEnd: true))
        {
            Assert.True(page.IsFirst || links.Count > 0, "The stream begins inside a logical stream.");
            if (page.IsFirst)
            {
                links.Add([]);
            }

            links[^1].Add(page);
        }

        return [.. links.Select(pages => Link(pages, isLive: true))];
    }

    /// <summary>
    /// The packets of a tapped stream as they must be recorded. Links that continue one another are one run: Vorbis
    /// with equal identification and setup whose first packet repeats the last one, which is what Icecast makes of a
    /// new title, and FLAC of one format.
    /// </summary>
    public static HeardFrames Join(IReadOnlyList<OggLink> links)
    {
        var frames = new List<HeardFrame>();
        var runs = new List<OggLink>();
        OggLink? previous = null;
        foreach (var link in links.Where(l => l.Packets.Count > 0))
        {
            var continues = previous is not null && ContinuesFrom(link, previous);
            if (!continues)
            {
                runs.Add(link);
            }

            var repeated = continues && link.Coding.Codec == AudioCodec.Vorbis ? 1 : 0;
            frames.AddRange(link.Packets.Skip(repeated).Select(p => p with { Run = runs.Count - 1 }));
            previous = link;
        }

        return new HeardFrames(runs, frames) { Links = links.Count };
    }

    /// <summary>All packets of a file of one logical stream that keeps no other rule.</summary>
    public static List<ReadOnlyMemory<byte>> AnyPackets(ReadOnlyMemory<byte> file) =>
        [.. Packets(Pages(file, allowCutEnd: true), isLive: true).Select(p => p.Data).Where(p => p.Length > 0)];

    /// <summary>A recorded file: one logical stream that is whole and plays alone.</summary>
    public static OggLink File(ReadOnlyMemory<byte> file)
    {
        var pages = Pages(file);
        Assert.True(pages.Count >= 3, $"A file of {pages.Count} pages holds no sound.");
        Assert.All(pages, page => Assert.Equal(pages[0].Serial, page.Serial));
        Assert.Equal(Enumerable.Range(0, pages.Count).Select(i => (uint)i), pages.Select(p => p.Sequence));
        Assert.True(pages[0].IsFirst && pages.Count(p => p.IsFirst) == 1, "Not the first page alone begins the stream.");
        Assert.True(pages[^1].IsLast && pages.Count(p => p.IsLast) == 1, "Not the last page alone ends the stream.");
        var link = Link(pages, isLive: false);
        CheckGranules(link);
        if (link.Coding.Codec == AudioCodec.OggFlac)
        {
            FlacSplitter.CheckFile(link.Headers[0].Span[13..], [.. link.Packets.Select(p => p.Original)]);
        }

        return link with { LeadIn = LeadInOf(link) };
    }

    /// <summary>
    /// How many packets at the start a later file of a connection repeats: one of Vorbis, or what the pre-skip covers. In
    /// the first file of a link these are the link's own, where its encoder asks for a pre-skip of whole packets.
    /// </summary>
    private static int LeadInOf(OggLink link)
    {
        if (link.Coding.Codec != AudioCodec.Opus)
        {
            return 0;
        }

        var (count, samples) = (0, 0);
        while (samples < link.Coding.PreSkip && count < link.Packets.Count)
        {
            samples += link.Packets[count++].Samples;
        }

        // The encoder's own pre-skip, in a connection's first file, ends within a packet.
        return samples == link.Coding.PreSkip ? count : 0;
    }

    private static bool ContinuesFrom(OggLink link, OggLink previous) => (link.Coding.Codec, previous.Coding.Codec) switch
    {
        (AudioCodec.Vorbis, AudioCodec.Vorbis) => link.Headers[0].Span.SequenceEqual(previous.Headers[0].Span)
            && link.Headers[2].Span.SequenceEqual(previous.Headers[2].Span)
            && link.Packets[0].Original.Span.SequenceEqual(previous.Packets[^1].Original.Span)
            && !previous.IsTrimmed,
        (AudioCodec.OggFlac, AudioCodec.OggFlac) => FlacSplitter.FormatOf(link.Headers[0].Span[17..]) == FlacSplitter.FormatOf(previous.Headers[0].Span[17..]),
        _ => false,
    };

    private static OggLink Link(List<OggPage> pages, bool isLive)
    {
        var packets = Packets(pages, isLive);
        Assert.NotEmpty(packets);
        Assert.True(isLive || packets.All(p => p.Data.Length > 0), "A packet is empty.");
        var coding = OggCoding.Of(packets[0].Data);
        if (isLive && coding.Codec == AudioCodec.OggFlac)
        {
            // Encoders are known to miscount their headers; a file must not.
            coding = coding with { HeaderCount = Math.Max(1, packets.FindIndex(p => FlacSplitter.TryHeader(p.Data.Span) is not null)) };
        }

        Assert.True(packets.Count >= coding.HeaderCount, $"{packets.Count} packets are no {coding.HeaderCount} headers.");
        var headers = packets.Take(coding.HeaderCount).Select(p => p.Data).ToList();
        coding = coding.WithHeaders(headers);
        Assert.True(pages[0].Pieces.Count == 1, "The first header does not have a page of its own.");
        var headerPages = packets[coding.HeaderCount - 1].Page + 1;
        var isApart = packets.Count == coding.HeaderCount || packets[coding.HeaderCount].Page >= headerPages;
        Assert.True(isApart || isLive, "Sound is on a page with headers.");

        var frames = new List<HeardFrame>();
        foreach (var (data, page) in packets.Skip(coding.HeaderCount).Where(p => p.Data.Length > 0))
        {
            var samples = coding.SamplesOf(data, frames.Count == 0 ? default : frames[^1].Original);
            var compared = coding.Codec == AudioCodec.OggFlac ? FlacSplitter.SoundOf(data) : data;
            frames.Add(new HeardFrame(compared, samples, coding.SampleRate, pages[page].End, 0, data));
        }

        var isTrimmed = isLive && coding.Codec != AudioCodec.OggFlac && Trim(frames, pages);
        return new OggLink(pages[0].Serial, coding, headers, frames, [.. pages.Skip(headerPages)]) { IsTrimmed = isTrimmed };
    }

    /// <summary>
    /// The last page of a link of Vorbis or Opus may say that the stream ends before its last packet does: what is behind
    /// that is not sound. The page before, or the link's beginning, tells where the last page begins.
    /// </summary>
    private static bool Trim(List<HeardFrame> frames, List<OggPage> pages)
    {
        var first = frames.FindIndex(f => f.End == pages[^1].End);
        if (!pages[^1].IsLast || first < 0)
        {
            return false;
        }

        var before = first == 0 ? 0 : pages.FindLast(p => p.End <= frames[first - 1].End && p.Granule >= 0)?.Granule ?? 0;
        var behind = frames.Skip(first).Sum(f => (long)f.Samples) - (pages[^1].Granule - before);
        var isTrimmed = behind > 0;
        for (var i = frames.Count - 1; i >= first && behind > 0; i--)
        {
            var cut = (int)Math.Min(behind, frames[i].Samples);
            frames[i] = frames[i] with { Samples = frames[i].Samples - cut };
            behind -= cut;
        }

        return isTrimmed;
    }

    private static List<(ReadOnlyMemory<byte> Data, int Page)> Packets(List<OggPage> pages, bool isLive)
    {
        var packets = new List<(ReadOnlyMemory<byte>, int)>();
        byte[] begun = [];
        for (var i = 0; i < pages.Count; i++)
        {
            var page = pages[i];
            Assert.True(page.Serial == pages[0].Serial, "Two logical streams are mixed.");

            // A listener gets the headers and then whatever page is next.
            var follows = i == 0 || page.Sequence == pages[i - 1].Sequence + 1;
            Assert.True(follows || isLive, $"Page {page.Sequence} follows page {pages[Math.Max(0, i - 1)].Sequence}.");
            Assert.True(!follows || page.Continues == begun.Length > 0, $"Page {page.Sequence} does not continue the packet before.");
            begun = follows ? begun : [];
            for (var k = 0; k < page.Pieces.Count; k++)
            {
                var (data, ends) = page.Pieces[k];
                if (k == 0 && page.Continues && begun.Length == 0)
                {
                    continue;
                }

                var whole = begun.Length == 0 ? data : (byte[])[.. begun, .. data.Span];
                begun = ends ? [] : whole.ToArray();
                if (ends)
                {
                    packets.Add((whole, i));
                }
            }
        }

        Assert.True(begun.Length == 0 || isLive, "The last packet is cut off.");
        return packets;
    }

    /// <summary>Every page says how many samples end with it, counted from 0, and holds about a second at most.</summary>
    private static void CheckGranules(OggLink link)
    {
        var (samples, packet, before) = (0L, 0, 0L);
        for (var i = 0; i < link.Pages.Count; i++)
        {
            var page = link.Pages[i];
            var (first, longest) = (packet, 0);
            while (packet < link.Packets.Count && link.Packets[packet].End <= page.End)
            {
                longest = Math.Max(longest, link.Packets[packet].Samples);
                samples += link.Packets[packet++].Samples;
            }

            // The source may trim its own last packet.
            var isRight = packet == first ? page.Granule is -1 || page.Granule == samples && i == link.Pages.Count - 1
                : page.Granule == samples || page.IsLast && page.Granule < samples && page.Granule > samples - longest;
            Assert.True(isRight, $"Page {page.Sequence} has granule {page.Granule} at {samples} samples.");
            Assert.True(samples - before <= link.Coding.SampleRate + 2 * longest, $"Page {page.Sequence} holds {samples - before} samples.");
            before = samples;
        }
    }
}
