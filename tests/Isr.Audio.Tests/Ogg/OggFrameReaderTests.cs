using System.Buffers;
using System.Text;
using Isr.Audio.Ogg;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Ogg;

public sealed class OggFrameReaderTests
{
    private static byte[] Vorbis => EncodedAudio.Vorbis(44100, 2, 8, "-q:a", "4");

    private static byte[] Opus => EncodedAudio.Opus(48000, 2, 8, "-b:a", "64k");

    [Fact]
    public void Vorbis_packets_add_up_to_the_stream()
    {
        var frames = ReadFrame.All(new OggFrameReader(), Vorbis);

        Assert.Equal(8 * 44100, frames.Sum(frame => frame.Samples));
        Assert.Equal(0, frames[0].Samples);
        Assert.All(frames, frame => Assert.Equal(frames[0].Format, frame.Format));
        Assert.Equal((AudioCodec.Vorbis, 44100, 2), (frames[0].Format.Codec, frames[0].Format.SampleRate, frames[0].Format.Channels));
    }

    [Fact]
    public void Opus_packets_add_up_to_the_stream_without_what_is_skipped()
    {
        var frames = ReadFrame.All(new OggFrameReader(), Opus);

        Assert.Equal(8 * 48000, frames.Sum(frame => frame.Samples));
        Assert.All(frames, frame => Assert.Equal(frames[0].Format, frame.Format));
        Assert.Equal(AudioCodec.Opus, frames[0].Format.Codec);
    }

    [Fact]
    public void A_stream_in_fragments_reads_the_same()
    {
        FrameReaderContract.Reads_the_same_in_fragments(() => new OggFrameReader(), Vorbis);
        FrameReaderContract.Reads_the_same_in_fragments(() => new OggFrameReader(), Opus);
    }

    [Fact]
    public void Packets_that_span_pages_are_put_together()
    {
        // Pages of 300 bytes at most.
        var stream = Repaginate(Vorbis, segments: 2);

        var frames = ReadFrame.All(new OggFrameReader(), stream);

        ReadFrame.AssertEqual(ReadFrame.All(new OggFrameReader(), Vorbis), frames);
        FrameReaderContract.Reads_the_same_in_fragments(() => new OggFrameReader(), stream);
    }

    [Fact]
    public void Garbage_between_pages_costs_nothing()
    {
        var random = new Random(4);
        var garbage = new byte[5000];
        random.NextBytes(garbage);
        "OggS"u8.CopyTo(garbage.AsSpan(100));
        "OggS\0"u8.CopyTo(garbage.AsSpan(4980));
        var pages = OggPages.Split(Vorbis);

        var reader = new OggFrameReader();
        var frames = ReadFrame.InFragments(reader, OggPages.Join([garbage, .. pages.Take(20), garbage, .. pages.Skip(20), garbage]), random, 3000);

        ReadFrame.AssertEqual(ReadFrame.All(new OggFrameReader(), Vorbis), frames);
        Assert.Equal(3 * garbage.Length, reader.SkippedBytes);
    }

    [Fact]
    public void A_stream_that_ends_anywhere_gives_the_packets_of_its_whole_pages()
    {
        var all = ReadFrame.All(new OggFrameReader(), Vorbis);
        var pages = OggPages.Split(Vorbis);
        var lengths = Enumerable.Range(0, 12000);
        foreach (var length in lengths)
        {
            var frames = ReadFrame.All(new OggFrameReader(), Vorbis.AsSpan(0, length));

            var wholePages = pages.Select((_, i) => pages.Take(i + 1).Sum(page => page.Length)).TakeWhile(end => end <= length).Count();
            Assert.Equal(ReadFrame.All(new OggFrameReader(), OggPages.Join(pages.Take(wholePages))).Count, frames.Count);
            ReadFrame.AssertEqual(all[..frames.Count], frames);
        }
    }

    [Fact]
    public void Who_joins_later_gets_headers_and_pages_from_the_middle_and_loses_nothing_by_that()
    {
        foreach (var (stream, rate) in new[] { (Vorbis, 44100), (Opus, 48000) })
        {
            var pages = OggPages.Split(stream);
            var later = OggPages.Join([.. pages.Take(2), .. pages.Skip(5)]);

            var frames = ReadFrame.All(new OggFrameReader(), later);

            Assert.All(frames, frame => Assert.Null(frame.Lost));
            Assert.All(frames, frame => Assert.Same(frames[0].Format.Setup, frame.Format.Setup));
            Assert.InRange(frames.Sum(frame => frame.Samples), 3 * rate, 8 * rate);
        }
    }

    [Fact]
    public void A_lost_page_is_known_to_the_sample()
    {
        foreach (var stream in (byte[][])[Vorbis, Opus])
        {
            var whole = ReadFrame.All(new OggFrameReader(), stream);
            var pages = OggPages.Split(stream);
            var lost = pages.Count / 2;

            var frames = ReadFrame.All(new OggFrameReader(), OggPages.Join([.. pages.Take(lost), .. pages.Skip(lost + 1)]));

            var after = Assert.Single(frames, frame => frame.Lost is not null);
            var unheard = frames.SkipWhile(frame => frame.Lost is null).Sum(frame => frame.Unheard);
            Assert.Equal(whole.Sum(frame => (long)frame.Samples), frames.Sum(frame => frame.Samples) + after.Lost + unheard);
            Assert.NotSame(frames[0].Format.Setup, after.Format.Setup);
            Assert.Same(frames[0].Format.Setup!.Headers, after.Format.Setup!.Headers);
            Assert.Equal(2, frames.Select(frame => frame.Format).Distinct().Count());
        }
    }

    [Fact]
    public void A_damaged_page_is_a_lost_page()
    {
        var pages = OggPages.Split(Opus);
        pages[4][40] ^= 1;

        var reader = new OggFrameReader();
        var frames = ReadFrame.All(reader, OggPages.Join(pages));

        var after = Assert.Single(frames, frame => frame.Lost is not null);
        Assert.Equal(8 * 48000, frames.Sum(frame => frame.Samples) + after.Lost + after.Unheard);
        Assert.Equal(pages[4].Length, reader.SkippedBytes);
    }

    [Fact]
    public void The_link_that_Icecast_makes_at_a_title_is_merged()
    {
        var whole = ReadFrame.All(new OggFrameReader(), Vorbis);
        var stream = WithTitleLink(Vorbis, "Künstler", "Lied");

        var reader = new OggFrameReader();
        var frames = ReadFrame.All(reader, stream);

        ReadFrame.AssertEqual(whole, frames);
        Assert.All(frames, frame => Assert.Equal(frames[0].Format, frame.Format));
        Assert.Equal("Künstler - Lied", reader.Title);
        Assert.Equal(0, reader.SkippedBytes);
    }

    [Fact]
    public void Any_other_link_begins_anew_and_nothing_is_lost()
    {
        var next = EncodedAudio.Vorbis(44100, 2, 5, "-q:a", "4");
        var frames = ReadFrame.All(new OggFrameReader(), [.. Vorbis, .. next, .. Opus]);

        Assert.Equal((13 * 44100) + (8 * 48000), frames.Sum(frame => frame.Samples));
        Assert.Equal(3, frames.Select(frame => frame.Format).Distinct().Count());
        Assert.All(frames, frame => Assert.Null(frame.Lost));
        Assert.True(frames.First(frame => frame.Format != frames[0].Format).Format.IsLinkOf(frames[0].Format));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_link_of_FLAC_is_merged_when_the_one_before_was_ended_if_only_by_an_empty_packet(bool isEnded, int runs)
    {
        var pages = OggPages.Split(EncodedAudio.OggFlac(44100, 2, 3));
        pages[^1] = OggPages.With(pages[^1], flags: OggPageFlags.None);
        byte[] empty = [.. pages[^1][..26], 1, 0];
        pages.Add(OggPages.With(empty, sequence: (uint)pages.Count, flags: isEnded ? OggPageFlags.End : OggPageFlags.None));
        var link = OggPages.Join(pages);

        var frames = ReadFrame.All(new OggFrameReader(), [.. link, .. link]);

        Assert.Equal(6 * 44100, frames.Sum(frame => frame.Samples));
        Assert.Equal(runs, frames.Select(frame => frame.Format.Setup).Distinct().Count());
    }

    [Fact]
    public void The_end_that_the_last_page_tells_is_kept()
    {
        var pages = OggPages.Split(Opus);
        pages[^1] = OggPages.With(pages[^1], granule: OggPages.GranuleOf(pages[^1]) - 100);

        Assert.Equal((8 * 48000) - 100, ReadFrame.All(new OggFrameReader(), OggPages.Join(pages)).Sum(frame => frame.Samples));
    }

    [Fact]
    public void Interleaved_streams_are_refused()
    {
        var (one, two) = (OggPages.Split(Vorbis), OggPages.Split(Opus));

        var reader = new OggFrameReader();
        var frames = Drain(reader, OggPages.Join([one[0], two[0], one[1], two[1], .. one.Skip(2)]));

        Assert.Empty(frames);
        Assert.Contains("interleaves", reader.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Speex   1.2.0", "Speex")]
    [InlineData("fishead\0\u0003", "skeleton")]
    [InlineData("something else", "not known")]
    public void Other_codecs_are_refused_by_name(string packet, string named)
    {
        var reader = new OggFrameReader();

        Assert.Empty(Drain(reader, OggPages.First(7, Encoding.Latin1.GetBytes(packet))));

        Assert.Contains(named, reader.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_without_headers_are_refused()
    {
        var reader = new OggFrameReader();

        Assert.Empty(Drain(reader, OggPages.Join(OggPages.Split(Vorbis).Skip(3))));

        Assert.Contains("no header pages", reader.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_in_the_headers_is_kept_and_one_beyond_all_measure_is_refused()
    {
        var whole = ReadFrame.All(new OggFrameReader(), Opus);

        var frames = ReadFrame.All(new OggFrameReader(), WithPicture(Opus, 1_000_000));
        var reader = new OggFrameReader();
        var none = Drain(reader, WithPicture(Opus, 5_000_000));

        ReadFrame.AssertSameBytes(whole.Select(frame => frame.Data), frames.Select(frame => frame.Data));
        Assert.True(frames[0].Format.Setup!.Headers[1].Length > 1_000_000);
        Assert.Empty(none);
        Assert.Contains("4 MiB", reader.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_allocates_nothing_per_frame()
    {
        var pages = OggPages.Split(Repaginate(Vorbis, 3));
        var (some, all) = (OggPages.Join(pages.Take(300)), OggPages.Join(pages));
        Allocated(all);

        Assert.Equal(Allocated(some), Allocated(all));
    }

    private static long Allocated(ReadOnlySpan<byte> stream)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new OggFrameReader();
        while (reader.TryRead(stream, isFinal: false, out var consumed, out _) || consumed > 0)
        {
            stream = stream[consumed..];
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static List<ReadFrame> Drain(OggFrameReader reader, ReadOnlySpan<byte> stream)
    {
        var frames = new List<ReadFrame>();
        while (reader.TryRead(stream, isFinal: true, out var consumed, out var frame) || consumed > 0)
        {
            if (!frame.Data.IsEmpty)
            {
                frames.Add(new ReadFrame(frame.Data.ToArray(), frame.Samples, frame.Format, frame.Lost));
            }

            stream = stream[consumed..];
        }

        return frames;
    }

    /// <summary>The same packets on pages of so many segments.</summary>
    private static byte[] Repaginate(byte[] stream, int segments)
    {
        var output = new ArrayBufferWriter<byte>();
        uint sequence = 0;
        foreach (var bytes in OggPages.Split(stream))
        {
            OggPage.TryRead(bytes, out var page, out _);
            var body = 0;
            for (var at = 0; at < page.Segments.Length; at += segments)
            {
                var lacing = page.Segments[at..Math.Min(at + segments, page.Segments.Length)].ToArray();
                var length = lacing.Sum(segment => segment);
                var ends = lacing.Any(segment => segment < 255);
                var isLast = at + segments >= page.Segments.Length;
                var flags = (at > 0 && page.Segments[at - 1] == 255 ? OggPageFlags.Continued : page.Flags & OggPageFlags.Begin)
                    | (isLast ? page.Flags & OggPageFlags.End : 0);

                // Only the last page's position is known, which is all that is needed here.
                byte[] made = [.. bytes[..26], (byte)lacing.Length, .. lacing, .. page.Body.Slice(body, length)];
                output.Write(OggPages.With(made, sequence: sequence++, granule: ends && isLast ? page.Granule : -1, flags: flags));
                body += length;
            }
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>In the middle, a new link with another comment that begins with the last packet once more.</summary>
    private static byte[] WithTitleLink(byte[] stream, string artist, string title)
    {
        var pages = OggPages.Split(stream);
        var half = pages.Count / 2;
        var setup = ReadFrame.All(new OggFrameReader(), stream)[0].Format.Setup!;
        var last = ReadFrame.All(new OggFrameReader(), OggPages.Join(pages.Take(half)))[^1].Data;

        var head = new ArrayBufferWriter<byte>();
        var writer = new OggPageWriter();
        writer.Begin(99, setup.Headers[0], head);
        writer.AddHeader(Comment(artist, title), isLast: false, head);
        writer.AddHeader(setup.Headers[2], isLast: true, head);
        var link = OggPages.Split(head.WrittenSpan);
        var repeat = OggPages.First(99, last);
        uint sequence = (uint)link.Count;
        return OggPages.Join([
            .. pages.Take(half),
            .. link,
            OggPages.With(repeat, sequence: sequence++, flags: OggPageFlags.None),
            .. pages.Skip(half).Select(page => OggPages.With(page, serial: 99, sequence: sequence++)),
        ]);
    }

    private static byte[] Comment(string artist, string title)
    {
        var output = new MemoryStream();
        using var writer = new BinaryWriter(output, Encoding.UTF8);
        writer.Write("\u0003vorbis"u8);
        writer.Write(0);
        string[] comments = [$"ARTIST={artist}", $"TITLE={title}"];
        writer.Write(comments.Length);
        foreach (var comment in comments)
        {
            writer.Write(Encoding.UTF8.GetByteCount(comment));
            writer.Write(Encoding.UTF8.GetBytes(comment));
        }

        writer.Write((byte)1);
        return output.ToArray();
    }

    private static byte[] WithPicture(byte[] opus, int pictureBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        var setup = ReadFrame.All(new OggFrameReader(), opus)[0].Format.Setup!;
        var writer = new OggPageWriter();
        writer.Begin(5, setup.Headers[0], output);
        var tags = new MemoryStream();
        using (var fields = new BinaryWriter(tags))
        {
            fields.Write("OpusTags"u8);
            fields.Write(0);
            fields.Write(1);
            fields.Write(pictureBytes);
            fields.Write("METADATA_BLOCK_PICTURE="u8);
            fields.Write(Enumerable.Repeat((byte)'A', pictureBytes - 23).ToArray());
        }

        writer.AddHeader(tags.ToArray(), isLast: true, output);
        var head = OggPages.Split(output.WrittenSpan);
        var sequence = (uint)head.Count;
        return OggPages.Join([.. head, .. OggPages.Split(opus).Skip(2).Select(page => OggPages.With(page, serial: 5, sequence: sequence++))]);
    }
}
