using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Isr.Audio;
using Isr.Audio.Flac;
using Isr.Audio.Mending;
using Isr.Codecs;
using Isr.Tests.Support;

namespace Isr.Tests.Codecs;

public sealed class FlacEncodingMuxerTests : IDisposable
{
    private static readonly FileFacts s_facts = new("Küche", new DateTimeOffset(2026, 5, 23, 22, 31, 30, TimeSpan.FromHours(2)));

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<int, int, int> Formats => new()
    {
        { 8000, 1, 16 }, { 44100, 2, 16 }, { 48000, 1, 24 }, { 48000, 2, 24 }, { 96000, 3, 24 }, { 192_000, 8, 24 }, { 384_000, 2, 24 }, { 96_001, 1, 16 },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Files_decoded_and_joined_are_the_samples_that_came_in(int sampleRate, int channels, int bits)
    {
        var format = Pcm(sampleRate, channels, bits);
        var random = Seeded();
        var input = Sound(format, (6 * sampleRate / 10) + 17, random);
        using var muxer = new FlacEncodingMuxer(format);

        var joined = new List<byte>();
        foreach (var part in Parts(input, BlockAlign(format), 3, random))
        {
            var path = Write("part.flac", Whole(muxer, format, input.AsSpan()[part], random));
            joined.AddRange(await DecodeAsync(path));
            await AudioChecks.PassesFlacMd5Async(path);
            if (part.End.Value == input.Length)
            {
                await AudioChecks.PassesAllAsync(path);
            }

            Assert.Equal((part.End.Value - part.Start.Value) / BlockAlign(format), await TellAsync(path, "--show-total-samples"));
        }

        Assert.True(input.AsSpan().SequenceEqual(joined.ToArray()));
    }

    [Theory]
    [InlineData(44100, 2, 16)]
    [InlineData(48000, 1, 24)]
    public async Task A_growing_file_with_its_header_of_the_moment_is_a_whole_file(int sampleRate, int channels, int bits)
    {
        var format = Pcm(sampleRate, channels, bits);
        var input = Sound(format, sampleRate, Seeded());
        using var muxer = new FlacEncodingMuxer(format);
        var file = new ArrayBufferWriter<byte>();
        muxer.Begin(s_facts, Frame(format, input), file);
        var step = sampleRate / 5 * BlockAlign(format);
        for (var at = 0; at < input.Length; at += step)
        {
            muxer.Write(Frame(format, input.AsSpan(at, step)), file);
            muxer.Flush(file);

            var growing = WithHeader(muxer, file.WrittenSpan);
            var samples = ((at + step) / BlockAlign(format)) - muxer.PendingSamples;
            Assert.InRange(muxer.PendingSamples, 1, (sampleRate / 10) + 1);
            Assert.True(FlacFileInfo.TryRead(growing, out var info));
            Assert.Equal((samples, sampleRate, channels, bits), (info.Samples, info.Format.SampleRate, info.Format.Channels, info.Format.BitsPerSample));
            Assert.Equal(0, growing.AsSpan(26, 16).IndexOfAnyExcept((byte)0) + 1);
            var path = Write("growing.flac", growing);
            if (at == step)
            {
                await AudioChecks.PassesAllAsync(path);
            }

            var decoded = await DecodeAsync(path);
            Assert.True(input.AsSpan(0, (int)samples * BlockAlign(format)).SequenceEqual(decoded));
        }
    }

    [Fact]
    public async Task Cut_anywhere_behind_its_header_it_is_mended()
    {
        var format = Pcm(44100, 2, 16);
        var random = Seeded();
        var input = Sound(format, 3 * 44100, random);
        using var muxer = new FlacEncodingMuxer(format);
        var file = new ArrayBufferWriter<byte>();
        muxer.Begin(s_facts, Frame(format, input), file);
        var head = file.WrittenCount;
        muxer.Write(Frame(format, input.AsSpan(0, 44100 * 4)), file);
        var older = WithHeader(muxer, file.WrittenSpan)[..head];
        var ends = new List<(int Bytes, long Samples)> { (file.WrittenCount, 44100 - muxer.PendingSamples) };
        for (var at = 44100 * 4; at < input.Length; at += 441 * 4)
        {
            muxer.Write(Frame(format, input.AsSpan(at, 441 * 4)), file);
            if (file.WrittenCount > ends[^1].Bytes)
            {
                ends.Add((file.WrittenCount, ((at / 4) + 441) - muxer.PendingSamples));
            }
        }

        muxer.Finish(file);
        ends.Add((file.WrittenCount, input.Length / 4));
        Assert.Equal(0, muxer.PendingSamples);
        var whole = WithHeader(muxer, file.WrittenSpan);
        Assert.True(Plan(whole).IsEmptyFor(whole.Length));

        int[] lengths = [.. ends.Select(end => end.Bytes), .. ends.Select(end => end.Bytes - 1), .. Enumerable.Range(0, 60).Select(_ => random.Next(ends[0].Bytes, whole.Length))];
        foreach (var header in (byte[][])[whole[..head], older, file.WrittenSpan[..head].ToArray()])
        {
            foreach (var length in lengths)
            {
                byte[] torn = [.. header, .. whole[head..length]];
                var plan = Plan(torn);

                // A checksum that ends with zero is as true without it: that such a frame lacks its last byte shows only when it is decoded.
                var isHidden = length < whole.Length && whole[length] == 0;
                var end = ends.LastOrDefault(e => e.Bytes <= length || (isHidden && e.Bytes == length + 1));
                Assert.Equal(length >= ends[0].Bytes ? end.Samples : plan.Samples, plan.Samples);
                var mended = Apply(plan, torn);
                Assert.True(Plan(mended).IsEmptyFor(mended.Length));
                Assert.True(FlacFileInfo.TryRead(mended, out var info));
                Assert.Equal(plan.Samples, info.Samples);
            }

            byte[] last = [.. header, .. whole[head..lengths[^1]]];
            var path = Write("mended.flac", Apply(Plan(last), last));
            await AudioChecks.PassesAllAsync(path);
            var decoded = await DecodeAsync(path);
            Assert.True(input.AsSpan(0, decoded.Length).SequenceEqual(decoded));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(8193)]
    public async Task Files_as_long_as_a_block_more_or_less_are_whole(int samples)
    {
        var format = Pcm(44100, 1, 16);
        var input = Sound(format, samples, Seeded());
        using var muxer = new FlacEncodingMuxer(format);
        var file = new ArrayBufferWriter<byte>();
        muxer.Begin(s_facts, Frame(format, input), file);
        muxer.Write(Frame(format, input), file);
        var before = file.WrittenCount;
        muxer.Finish(file);

        // What finishes a file always puts out something, so that the header that is true then is written, too.
        Assert.InRange(file.WrittenCount, before + 1, int.MaxValue);
        var path = Write("short.flac", WithHeader(muxer, file.WrittenSpan));
        await AudioChecks.PassesFlacMd5Async(path);
        Assert.Equal(input, await DecodeAsync(path));
    }

    [Theory]
    [InlineData(8000, 576)]
    [InlineData(16_000, 1152)]
    [InlineData(44_100, 4096)]
    [InlineData(48_000, 4608)]
    [InlineData(96_000, 8192)]
    [InlineData(192_000, 8192)]
    [InlineData(384_000, 8192)]
    public void Blocks_last_a_tenth_of_a_second_at_most(int sampleRate, int expected) =>
        Assert.Equal(expected, FlacEncoder.BlockSizeFor(sampleRate));

    [Fact]
    public async Task Comments_tell_source_start_and_time_reference()
    {
        var format = Pcm(48000, 2, 24);
        using var muxer = new FlacEncodingMuxer(format);
        var path = Write("told.flac", Whole(muxer, format, Sound(format, 5000, Seeded()), Seeded()));

        var tags = await Processes.CheckAsync("metaflac", ["--no-utf8-convert", "--export-tags-to=-", path]);

        Assert.Equal($"ISR_SOURCE=Küche\nISR_START=2026-05-23T20:31:30.000Z\nTIME_REFERENCE={73_890L * 48000}\n", tags.Text);
    }

    [Fact]
    public async Task Silence_and_full_scale_come_back()
    {
        var format = Pcm(48000, 2, 24);
        var input = new byte[48000 * 6];
        foreach (var at in Enumerable.Range(20_000, 8000))
        {
            BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(at * 6), at % 3 == 0 ? 0x7FFFFF : -0x800000);
        }

        using var muxer = new FlacEncodingMuxer(format);
        var path = Write("edges.flac", Whole(muxer, format, input, Seeded()));

        var decoded = await DecodeAsync(path);
        Assert.True(input.AsSpan().SequenceEqual(decoded));
        await AudioChecks.PassesFlacMd5Async(path);
    }

    [Fact]
    public void A_file_that_is_given_up_leaves_nothing_to_the_next()
    {
        var format = Pcm(44100, 2, 16);
        var input = Sound(format, 10_000, Seeded());
        using var muxer = new FlacEncodingMuxer(format);
        var alone = Whole(muxer, format, input, Seeded());
        muxer.Begin(s_facts, Frame(format, input), new ArrayBufferWriter<byte>());
        muxer.Write(Frame(format, input), new ArrayBufferWriter<byte>());

        Assert.True(alone.AsSpan().SequenceEqual(Whole(muxer, format, input, Seeded())));
        Assert.Throws<InvalidOperationException>(() => muxer.Write(Frame(format, input), new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Encoders_that_are_let_go_unfinished_are_freed()
    {
        var format = Pcm(96_000, 8, 24);
        var input = Sound(format, 20_000, Seeded());
        Abandon(20);
        var before = Resident();
        Abandon(150);

        // Each has some megabytes: 150 that stay would be hundreds.
        Assert.InRange(Resident() - before, long.MinValue, 100L << 20);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Abandon(int count)
        {
            var output = new ArrayBufferWriter<byte>(4 << 20);
            for (var i = 0; i < count; i++)
            {
                var muxer = new FlacEncodingMuxer(format);
                muxer.Begin(s_facts, Frame(format, input), output);
                muxer.Write(Frame(format, input), output);
                output.ResetWrittenCount();
                if (i % 10 == 9)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            }
        }

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void Nothing_is_allocated_for_a_frame(int bits)
    {
        var format = Pcm(48000, 2, bits);
        using var muxer = new FlacEncodingMuxer(format);
        var output = new ArrayBufferWriter<byte>(4 << 20);
        var input = Sound(format, 4800, Seeded());
        var header = new byte[muxer.MaxHeaderBytes];
        muxer.Begin(s_facts, Frame(format, input), output);
        muxer.Write(Frame(format, input), output);
        muxer.Write(Frame(format, input), output);
        muxer.GetHeader(header, out _);

        // What a frame takes it takes in every round; the runtime's own doings come once.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Measure()));

        long Measure()
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
            {
                muxer.Write(Frame(format, input), output);
                muxer.GetHeader(header, out _);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void What_fails_while_frames_are_put_out_is_told_to_who_wrote_them()
    {
        var format = Pcm(44100, 2, 16);
        var input = Sound(format, 10_000, Seeded());
        using var muxer = new FlacEncodingMuxer(format);
        muxer.Begin(s_facts, Frame(format, input), new ArrayBufferWriter<byte>());

        Assert.Throws<IOException>(() => muxer.Write(Frame(format, input), new FullWriter()));
        var after = Assert.Throws<InvalidOperationException>(() => muxer.Write(Frame(format, input), new ArrayBufferWriter<byte>()));
        Assert.Contains("FLAC__STREAM_ENCODER_CLIENT_ERROR", after.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Whole(muxer, format, input, Seeded()));
    }

    [Theory]
    [InlineData(AudioCodec.Flac, 2, 16)]
    [InlineData(AudioCodec.Pcm, 9, 16)]
    [InlineData(AudioCodec.Pcm, 2, 32)]
    public void What_is_no_such_PCM_is_refused_at_once(AudioCodec codec, int channels, int bits) =>
        Assert.Throws<ArgumentException>(() => new FlacEncodingMuxer(new AudioFormat(codec, 48000, channels, bits)));

    private static AudioFormat Pcm(int sampleRate, int channels, int bits) => new(AudioCodec.Pcm, sampleRate, channels, bits);

    private static int BlockAlign(AudioFormat format) => format.Channels * format.BitsPerSample / 8;

    private static AudioFrame Frame(AudioFormat format, ReadOnlySpan<byte> data) => new(data, data.Length / BlockAlign(format), format);

    private static Random Seeded()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    /// <summary>Tones under noise, with stretches of noise at full scale, which FLAC cannot make smaller.</summary>
    private static byte[] Sound(AudioFormat format, int samples, Random random)
    {
        var data = new byte[samples * BlockAlign(format)];
        var width = format.BitsPerSample / 8;
        random.NextBytes(data);
        for (var i = 0; i < data.Length / width; i++)
        {
            var sample = i / format.Channels;
            if (sample / 10_000 % 3 != 2)
            {
                var tone = 0.4 * Math.Sin(sample * (0.01 + (0.005 * (i % format.Channels))));
                var value = (int)(tone * (1 << (format.BitsPerSample - 1))) + random.Next(-40, 40);
                data[i * width] = (byte)value;
                data[(i * width) + 1] = (byte)(value >> 8);
                if (width == 3)
                {
                    data[(i * width) + 2] = (byte)(value >> 16);
                }
            }
        }

        return data;
    }

    private static IEnumerable<Range> Parts(byte[] input, int align, int count, Random random)
    {
        var at = 0;
        for (var part = 1; part <= count; part++)
        {
            var end = part == count ? input.Length : (int)((long)input.Length / align * part / count * align) - (align * random.Next(100));
            yield return at..end;
            at = end;
        }
    }

    /// <summary>A whole file, from frames of any length.</summary>
    private static byte[] Whole(FlacEncodingMuxer muxer, AudioFormat format, ReadOnlySpan<byte> samples, Random random)
    {
        var file = new ArrayBufferWriter<byte>();
        muxer.Begin(s_facts, Frame(format, samples), file);
        while (!samples.IsEmpty)
        {
            var length = Math.Min(samples.Length, random.Next(1, 20_000) * BlockAlign(format));
            muxer.Write(Frame(format, samples[..length]), file);
            samples = samples[length..];
        }

        muxer.Finish(file);
        return WithHeader(muxer, file.WrittenSpan);
    }

    private static byte[] WithHeader(FlacEncodingMuxer muxer, ReadOnlySpan<byte> file)
    {
        var whole = file.ToArray();
        var header = new byte[muxer.MaxHeaderBytes];
        var length = muxer.GetHeader(header, out var offset);
        header.AsSpan(0, length).CopyTo(whole.AsSpan((int)offset));
        return whole;
    }

    private static MendPlan Plan(byte[] file) => FileMender.Plan(
        ".flac",
        (offset, destination) =>
        {
            var count = (int)Math.Clamp(file.Length - offset, 0, destination.Length);
            file.AsSpan((int)Math.Min(offset, file.Length), count).CopyTo(destination);
            return count;
        },
        file.Length,
        isLeftOpen: true);

    private static byte[] Apply(MendPlan plan, byte[] file)
    {
        Assert.Null(plan.Refusal);
        byte[] mended = [.. file];
        foreach (var patch in plan.Patches)
        {
            patch.Bytes.CopyTo(mended, patch.Offset);
        }

        return mended[..(int)plan.Keep];
    }

    private static async Task<byte[]> DecodeAsync(string path) =>
        (await Processes.CheckAsync("flac", ["-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", path])).Output;

    private static async Task<long> TellAsync(string path, string option) =>
        long.Parse((await Processes.CheckAsync("metaflac", [option, path])).Text);

    private string Write(string name, byte[] data)
    {
        var path = _directory.File(name);
        File.WriteAllBytes(path, data);
        return path;
    }

    /// <summary>Has room for nothing.</summary>
    private sealed class FullWriter : IBufferWriter<byte>
    {
        public void Advance(int count) => throw new InvalidOperationException("Nothing was given out.");

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new IOException();

        public Span<byte> GetSpan(int sizeHint = 0) => throw new IOException();
    }
}
