using System.Buffers.Binary;
using System.Text;
using Isr.Audio.Flac;
using Isr.Audio.Sniffing;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Flac;

public sealed class FlacFrameReaderTests
{
    private static readonly Lazy<byte[]> StereoFrames = new(() => FlacStreams.WithoutMetadata(FlacStreams.Stereo));

    private static byte[] Stream => StereoFrames.Value;

    public static TheoryData<int, int, string> Encodings => new()
    {
        { 44100, 2, "-sample_fmt s16" },
        { 48000, 1, "-sample_fmt s32 -bits_per_raw_sample 24" },
        { 8000, 1, "-sample_fmt s16" },
        { 22050, 4, "-sample_fmt s16 -frame_size 192" },
        { 96000, 6, "-sample_fmt s32 -compression_level 0" },
        { 192000, 8, "-sample_fmt s32 -frame_size 2304" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_byte_of_a_known_stream_is_in_a_frame_and_every_frame_is_one_that_ffprobe_sees(
        int sampleRate, int channels, string options)
    {
        var file = EncodedAudio.Flac(sampleRate, channels, 2, options.Split(' '));
        var reader = new FlacFrameReader();

        var frames = ReadFrame.All(reader, file);

        Assert.True(file.AsSpan().EndsWith(ReadFrame.Join(frames)));
        Assert.Equal(0, reader.SkippedBytes);
        Assert.Equal(PacketSizes(file), frames.Select(frame => frame.Data.Length));
        Assert.Equal(2 * sampleRate, frames.Sum(frame => frame.Samples));
        var bits = options.Contains("s32", StringComparison.Ordinal) ? 24 : 16;
        Assert.All(frames, frame => Assert.Equal(
            new AudioFormat(AudioCodec.Flac, sampleRate, channels, bits, frames[0].Format.Setup), frame.Format));
        Assert.All(frames, frame => Assert.Null(frame.Lost));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Fragments_of_any_size_give_the_same_frames(int sampleRate, int channels, string options)
    {
        var file = EncodedAudio.Flac(sampleRate, channels, 2, options.Split(' '));
        FrameReaderContract.Reads_the_same_in_fragments(() => new FlacFrameReader(), [.. file.Take(200_000)]);
        FrameReaderContract.Reads_the_same_in_fragments(() => new FlacFrameReader(), [.. file.Skip(777).Take(200_000)]);
    }

    [Fact]
    public void Garbage_is_skipped() => FrameReaderContract.Skips_garbage(() => new FlacFrameReader(), Stream);

    [Fact]
    public void A_stream_may_end_anywhere() => FrameReaderContract.Gives_whole_frames_of_a_stream_that_ends_anywhere(
        () => new FlacFrameReader(), Silence(), 300, framesToLock: 1);

    [Fact]
    public void A_stream_of_loud_frames_may_end_anywhere()
    {
        var frames = FlacStreams.Frames(Stream).Take(3).ToList();
        FrameReaderContract.Gives_whole_frames_of_a_stream_that_ends_anywhere(
            () => new FlacFrameReader(),
            [.. frames[0].Data, .. frames[1].Data.AsSpan(0, 40)],
            Math.Min(frames[0].Data.Length + 40, 12_000),
            framesToLock: 1);
    }

    [Fact]
    public void Hostile_bytes_are_skipped_or_framed_in_bounded_time() => FrameReaderContract.Survives_hostile_bytes(
        () => new FlacFrameReader(), Stream, [0xFF, 0xF8, 0xC9, 0x18, 0x00, 0xC2]);

    [Fact]
    public void Headers_everywhere_that_announce_the_largest_frames_cost_no_more_than_other_bytes()
    {
        byte[] header = [0xFF, 0xF9, 0x70, 0x70, 0x00, 0xFF, 0xFE, 0];
        header[^1] = FlacCrc.Crc8(header.AsSpan(..^1));
        var hostile = Enumerable.Repeat(header, 300_000).SelectMany(bytes => bytes).ToArray();
        var reader = new FlacFrameReader();
        var largest = 0;

        // In pieces, so that a reader that begins anew with each would take hours.
        for (int at = 0, end = 0; at < hostile.Length;)
        {
            end = Math.Min(hostile.Length, end + 10_000);
            while (reader.TryRead(hostile.AsSpan(at, end - at), end == hostile.Length, out var consumed, out _) || consumed > 0)
            {
                at += consumed;
            }

            largest = Math.Max(largest, reader.LookaheadBytes);
        }

        Assert.Equal(hostile.Length, reader.SkippedBytes);
        Assert.InRange(largest, 8192, 5_000_000);
    }

    [Fact]
    public void Nothing_is_allocated_per_frame()
    {
        var reader = new FlacFrameReader();
        Drain(reader, Stream.AsSpan(0, 200_000));
        reader = new FlacFrameReader();
        Assert.True(reader.TryRead(Stream, isFinal: false, out var consumed, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drain(reader, Stream.AsSpan(consumed));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_stream_entered_anywhere_gives_its_next_whole_frame()
    {
        var frames = FlacStreams.Frames(Stream);
        for (var entry = 1; entry < 20_000; entry += 97)
        {
            var passed = 0;
            var expected = frames.SkipWhile(frame => (passed += frame.Data.Length) < entry + frame.Data.Length).Take(5).ToList();
            ReadFrame.AssertEqual(expected, [.. FlacStreams.Frames(Stream.AsSpan(entry)).Take(5)]);
        }
    }

    [Fact]
    public void A_lost_frame_begins_a_run_and_tells_how_much_is_missing()
    {
        var frames = FlacStreams.Frames(Stream);
        byte[] stream = [.. ReadFrame.Join(frames.Take(5)), .. ReadFrame.Join(frames.Skip(7))];

        var read = FlacStreams.Frames(stream);

        AssertRuns(read, (5, null), (frames.Count - 7, 2 * frames[0].Samples));
        AssertData([.. frames.Take(5), .. frames.Skip(7)], read);
    }

    [Fact]
    public void A_damaged_frame_is_lost_and_no_other()
    {
        var frames = FlacStreams.Frames(Stream);
        var stream = Stream.ToArray();
        stream[frames.Take(5).Sum(frame => frame.Data.Length) + 1000] ^= 4;
        var reader = new FlacFrameReader();

        var read = ReadFrame.All(reader, stream);

        AssertRuns(read, (5, null), (frames.Count - 6, frames[0].Samples));
        Assert.Equal(frames[5].Data.Length, reader.SkippedBytes);
    }

    [Fact]
    public void Of_a_stream_of_numbered_samples_a_lost_frame_is_counted_too()
    {
        var frames = FlacStreams.Frames(FlacStreams.Renumbered(FlacStreams.Frames(Stream), 12345, isVariable: true));
        byte[] stream = [.. ReadFrame.Join(frames.Take(5)), .. ReadFrame.Join(frames.Skip(7))];

        AssertRuns(FlacStreams.Frames(stream), (5, null), (frames.Count - 7, 2 * frames[0].Samples));
    }

    [Fact]
    public void Garbage_between_frames_whose_numbers_go_on_ends_no_run()
    {
        var frames = FlacStreams.Frames(Stream);
        var first = ReadFrame.Join(frames.Take(5));

        // The beginning of the next frame twice: it was sent again.
        var read = FlacStreams.Frames([.. first, .. frames[5].Data.AsSpan(0, 700), .. ReadFrame.Join(frames.Skip(5))]);

        AssertRuns(read, (frames.Count, null));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(3L)]
    [InlineData(1_000_000L)]
    public void A_number_that_is_no_continuation_begins_a_run_with_nothing_known(long first)
    {
        var frames = FlacStreams.Frames(Stream);

        var read = FlacStreams.Frames([.. ReadFrame.Join(frames.Take(10)), .. FlacStreams.Renumbered(frames.Skip(10), first, isVariable: false)]);

        AssertRuns(read, (10, null), (frames.Count - 10, 0));
    }

    [Fact]
    public void A_short_block_ends_its_run()
    {
        var one = FlacStreams.Frames(Stream);
        Assert.True(one[^1].Samples < one[0].Samples);
        var all = one.Concat(one).ToList();

        var read = FlacStreams.Frames(FlacStreams.Renumbered(all, 0, isVariable: false));

        AssertRuns(read, (one.Count, null), (one.Count, null));
        Assert.Equal(all.Select(frame => frame.Samples), read.Select(frame => frame.Samples));
    }

    [Fact]
    public void A_larger_block_begins_a_run()
    {
        var large = FlacStreams.Frames(Stream).SkipLast(1).ToList();
        var small = FlacStreams.Frames(EncodedAudio.Flac(44100, 2, 4, "-sample_fmt", "s16", "-frame_size", "1152")).SkipLast(1).ToList();

        var read = FlacStreams.Frames(FlacStreams.Renumbered([.. small.Take(4), .. large], 7, isVariable: false));

        AssertRuns(read, (4, null), (large.Count, null));
    }

    [Fact]
    public void Blocks_of_any_size_are_one_run_where_samples_are_numbered()
    {
        var large = FlacStreams.Frames(Stream);
        var small = FlacStreams.Frames(EncodedAudio.Flac(44100, 2, 4, "-sample_fmt", "s16", "-frame_size", "1152"));

        var read = FlacStreams.Frames(FlacStreams.Renumbered([.. large, .. small, .. large], 0, isVariable: true));

        AssertRuns(read, ((2 * large.Count) + small.Count, null));
    }

    [Fact]
    public void An_encoder_that_restarts_in_the_middle_begins_a_run_with_its_own_metadata()
    {
        var one = EncodedAudio.Flac(44100, 2, 4, "-metadata", "title=Eins");
        var two = EncodedAudio.Flac(44100, 2, 4, "-metadata", "title=Zwei", "-metadata", "artist=Wer");
        byte[] id3 = [.. "ID3\x04\0\0"u8, 0, 2, 0, 0, .. FrameReaderContract.Garbage(FrameReaderContract.Seeded(), 2 << 14)];
        byte[] stream = [.. id3, .. one, .. two, .. id3, .. one];
        var count = FlacStreams.Frames(one).Count;
        var reader = new FlacFrameReader();

        var titles = new List<string?>();
        var rest = stream.AsSpan();
        while (reader.TryRead(rest, isFinal: true, out var consumed, out _))
        {
            titles.Add(reader.Title);
            rest = rest[consumed..];
        }

        Assert.Equal(0, reader.SkippedBytes);
        Assert.Equal(
            [.. Enumerable.Repeat("Eins", count), .. Enumerable.Repeat("Wer - Zwei", count), .. Enumerable.Repeat("Eins", count)],
            titles);
        AssertRuns(FlacStreams.Frames(stream), (count, null), (count, null), (count, null));
        ReadFrame.AssertEqual(FlacStreams.Frames(stream), ReadFrame.InFragments(new FlacFrameReader(), stream, FrameReaderContract.Seeded(), longest: 3000));
    }

    [Fact]
    public void An_encoder_switched_in_the_middle_of_a_frame_costs_that_half_frame_alone()
    {
        var before = FlacStreams.Frames(Stream).Take(5).ToList();
        foreach (var after in (byte[][])[EncodedAudio.Flac(48000, 2, 2), FlacStreams.WithoutMetadata(EncodedAudio.Flac(48000, 1, 2))])
        {
            var expected = FlacStreams.Frames(after);
            for (var half = 16; half < before[^1].Data.Length; half += 313)
            {
                byte[] stream = [.. ReadFrame.Join(before.SkipLast(1)), .. before[^1].Data.AsSpan(0, half), .. after];
                var reader = new FlacFrameReader();

                var read = ReadFrame.All(reader, stream);

                AssertData([.. before.SkipLast(1), .. expected], read);
                AssertRuns(read, (4, null), (expected.Count, null));
                Assert.Equal(half, reader.SkippedBytes);
            }
        }
    }

    [Fact]
    public void Half_a_frame_delays_those_behind_it_by_no_more_than_two()
    {
        // Frames of silence are small, so that the size a frame may have is minutes of them.
        var silence = FlacStreams.Frames(Silence());
        byte[] stream = [.. FlacStreams.Frames(Stream)[3].Data.AsSpan(0, 500), .. ReadFrame.Join(silence.Take(3))];

        Assert.True(new FlacFrameReader().TryRead([.. stream, .. silence[3].Data], isFinal: false, out _, out var frame));
        Assert.True(frame.Data.SequenceEqual(silence[0].Data));
    }

    [Fact]
    public void Metadata_is_kept_but_for_what_is_true_of_one_file()
    {
        var random = FrameReaderContract.Seeded();
        var picture = FrameReaderContract.Garbage(random, 300_000);
        byte[] stream =
        [
            .. FlacStreams.Stereo.AsSpan(0, 42), .. Block(6, picture), .. Block(1, new byte[100_000]), .. Block(3, new byte[18]),
            .. Block(2, "isr!"u8), .. Block(5, new byte[500]), .. Block(4, new byte[8]), .. Block(1, [], isLast: true), .. Stream,
        ];
        stream[4] &= 0x7F;

        var frames = ReadFrame.InFragments(new FlacFrameReader(), stream, random, longest: 3000);

        AssertData(FlacStreams.Frames(Stream), frames);
        Assert.Equal([Block(6, picture), Block(2, "isr!"u8), Block(4, new byte[8])], frames[0].Format.Setup!.Headers);
    }

    [Fact]
    public void Metadata_larger_than_4_MiB_is_refused()
    {
        byte[] small = [.. FlacStreams.Stereo.AsSpan(0, 42), .. Block(6, new byte[3_000_000]), .. Block(1, [], isLast: true), .. Stream];
        byte[] large =
        [
            .. FlacStreams.Stereo.AsSpan(0, 42), .. Block(6, new byte[3_000_000]), .. Block(6, new byte[1_200_000]),
            .. Block(1, [], isLast: true), .. Stream,
        ];
        small[4] &= 0x7F;
        large[4] &= 0x7F;
        var reader = new FlacFrameReader();
        ReadFrame.All(reader, small);
        Assert.Null(reader.Refusal);

        reader = new FlacFrameReader();
        ReadFrame.InFragments(reader, large, FrameReaderContract.Seeded(), longest: 100_000);

        Assert.Equal("The stream's headers are larger than 4 MiB (a picture?), which is not recorded.", reader.Refusal);
    }

    [Fact]
    public void The_header_tells_what_frames_leave_to_it()
    {
        var bare = WithoutRateAndBits(FlacStreams.Frames(Stream));

        var frames = FlacStreams.Frames([.. FlacStreams.Stereo.AsSpan(0, 42), .. Block(1, [], isLast: true), .. bare]);

        Assert.Equal(FlacStreams.Frames(Stream).Count, frames.Count);
        Assert.Equal(new AudioFormat(AudioCodec.Flac, 44100, 2, 16, frames[0].Format.Setup), frames[0].Format);
    }

    [Fact]
    public void Frames_that_leave_it_to_a_header_that_is_not_there_are_refused()
    {
        var bare = WithoutRateAndBits(FlacStreams.Frames(Stream));
        var reader = new FlacFrameReader();

        Assert.Empty(ReadFrame.All(reader, bare));

        Assert.Equal(bare.Length, reader.SkippedBytes);
        Assert.Contains("STREAMINFO", reader.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_follows_the_stream()
    {
        var reader = new FlacFrameReader();
        Assert.InRange(reader.LookaheadBytes, 1000, 8192);

        ReadFrame.All(reader, ReadFrame.Join(FlacStreams.Frames(Stream).SkipLast(1)));

        Assert.InRange(reader.LookaheadBytes, 2 * 4 * 4608, 2 * 4 * 4608 * 5 / 4);
    }

    [Fact]
    public void Metadata_may_be_anything_and_end_anywhere()
    {
        var random = FrameReaderContract.Seeded();
        var sound = EncodedAudio.Flac(44100, 2, 4, "-metadata", "title=Eins").AsSpan(0, 30_000).ToArray();
        for (var length = 0; length < 400; length++)
        {
            ReadFrame.All(new FlacFrameReader(), sound.AsSpan(0, length));
        }

        for (var round = 0; round < 500; round++)
        {
            var hostile = sound.ToArray();
            for (var hits = random.Next(5); hits >= 0; hits--)
            {
                hostile[random.Next(300)] = (byte)random.Next(256);
            }

            ReadFrame.InFragments(new FlacFrameReader(), hostile, random, longest: 2000);
        }
    }

    [Fact]
    public void The_sniffer_and_the_list_of_formats_know_it()
    {
        Assert.Equal(StreamKind.Flac, StreamSniffer.Sniff(Stream.AsSpan(100, 60_000), isFinal: false));
        Assert.True(StreamFormats.HasReader(StreamKind.Flac));
        Assert.IsType<FlacFrameReader>(StreamFormats.CreateReader(StreamKind.Flac));
    }

    private static void Drain(FlacFrameReader reader, ReadOnlySpan<byte> stream)
    {
        while (reader.TryRead(stream, isFinal: false, out var consumed, out _))
        {
            stream = stream[consumed..];
        }
    }

    // The runs, each with its frames and what its first one says is lost.
    private static void AssertRuns(List<ReadFrame> frames, params (int Frames, long? Lost)[] expected)
    {
        var runs = new List<(int Frames, long? Lost)>();
        for (var i = 0; i < frames.Count; i++)
        {
            if (i > 0 && frames[i].Format == frames[i - 1].Format)
            {
                Assert.Null(frames[i].Lost);
                runs[^1] = (runs[^1].Frames + 1, runs[^1].Lost);
            }
            else
            {
                runs.Add((1, frames[i].Lost));
            }
        }

        Assert.Equal(expected, runs);
    }

    private static void AssertData(List<ReadFrame> expected, List<ReadFrame> actual) =>
        Assert.Equal(ReadFrame.Join(expected), ReadFrame.Join(actual));

    private static byte[] Silence() => FlacStreams.WithoutMetadata(EncodedAudio.Silence(48000, 2, 30));

    private static byte[] Block(int type, ReadOnlySpan<byte> body, bool isLast = false)
    {
        byte[] block = [0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteInt32BigEndian(block, body.Length);
        block[0] = (byte)(type | (isLast ? 0x80 : 0));
        return block;
    }

    private static byte[] WithoutRateAndBits(List<ReadFrame> frames) => [.. frames.SelectMany(frame =>
    {
        var bare = frame.Data.ToArray();
        var length = FlacStreams.Header(frame).Length;
        bare[2] &= 0xF0;
        bare[3] &= 0xF1;
        bare[length - 1] = FlacCrc.Crc8(bare.AsSpan(0, length - 1));
        BinaryPrimitives.WriteUInt16BigEndian(bare.AsSpan(bare.Length - 2), FlacCrc.Crc16(bare.AsSpan(0, bare.Length - 2)));
        return bare;
    })];

    private static IEnumerable<int> PacketSizes(byte[] stream)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("stream.flac", stream);
        var sizes = Tool.Output("ffprobe", "-v", "error", "-show_entries", "packet=size", "-of", "csv=p=0", path);
        return [.. Encoding.ASCII.GetString(sizes).Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
