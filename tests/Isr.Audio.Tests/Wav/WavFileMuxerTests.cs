using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Isr.Audio.Tests.Mending;
using Isr.Audio.Tests.Support;
using Isr.Audio.Wav;

namespace Isr.Audio.Tests.Wav;

public sealed class WavFileMuxerTests : IDisposable
{
    private static readonly FileFacts Facts = new("mic", new DateTimeOffset(2026, 5, 23, 22, 31, 30, TimeSpan.FromHours(2)));

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<int, int, int> Formats => new()
    {
        { 8000, 1, 16 }, { 44100, 2, 16 }, { 48000, 1, 24 }, { 96000, 2, 24 }, { 44100, 3, 24 }, { 48000, 8, 16 }, { 384_000, 2, 24 }, { 48000, 32, 24 },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Files_joined_are_the_samples_that_came_in(int sampleRate, int channels, int bits)
    {
        var format = PcmSamples.Format(sampleRate, channels, bits);
        var random = FrameReaderContract.Seeded();
        var input = PcmSamples.Noise(format, 30_011, random);
        var muxer = new WavFileMuxer(format);
        var align = PcmSamples.BlockAlign(format);

        var paths = new List<string>();
        for (var at = 0; at < input.Length;)
        {
            var samples = Math.Min((input.Length - at) / align, random.Next(7000, 15_000));
            var file = Whole(muxer, Facts, format, input.AsSpan(at, samples * align), random);
            at += samples * align;

            paths.Add(_directory.Write($"part{paths.Count}.wav", file));
            if (at == input.Length)
            {
                AssertClean(paths[^1], format, samples);
            }
        }

        Assert.True(input.AsSpan().SequenceEqual([.. Ffmpeg.Decode(paths, $"s{bits}le").SelectMany(part => part)]));
    }

    [Theory]
    [InlineData(1, 24, 7)]
    [InlineData(3, 24, 1)]
    [InlineData(2, 16, 5)]
    public void An_odd_length_is_padded_at_the_end_alone_and_sizes_are_exact_all_the_while(int channels, int bits, int samples)
    {
        var format = PcmSamples.Format(48000, channels, bits);
        var muxer = new WavFileMuxer(format);
        var file = new ArrayBufferWriter<byte>();
        var input = PcmSamples.Noise(format, samples, FrameReaderContract.Seeded());
        muxer.Begin(Facts, PcmSamples.Frame(format, input), file);
        var head = file.WrittenCount;
        Assert.Equal((head - 8, 0), Sizes(file.WrittenSpan, head));

        var align = PcmSamples.BlockAlign(format);
        for (var sample = 0; sample < samples; sample++)
        {
            muxer.Write(PcmSamples.Frame(format, input.AsSpan(sample * align, align)), file);
            muxer.Flush(file);
            Assert.Equal(head + ((sample + 1) * align), file.WrittenCount);
            Assert.Equal((file.WrittenCount - 8, (sample + 1) * align), Sizes(WithHeader(muxer, file.WrittenSpan), head));
        }

        muxer.Finish(file);
        muxer.Finish(file);

        Assert.Equal(head + input.Length + (input.Length & 1), file.WrittenCount);
        Assert.Equal((file.WrittenCount - 8, input.Length), Sizes(WithHeader(muxer, file.WrittenSpan), head));
        Assert.Equal(0, file.WrittenCount % 2);
    }

    [Theory]
    [InlineData(44100, 2, 16)]
    [InlineData(48000, 1, 24)]
    [InlineData(96000, 6, 24)]
    public void A_growing_file_with_its_header_of_the_moment_is_a_whole_file(int sampleRate, int channels, int bits)
    {
        var format = PcmSamples.Format(sampleRate, channels, bits);
        var muxer = new WavFileMuxer(format);
        var file = new ArrayBufferWriter<byte>();
        var input = PcmSamples.Noise(format, 1001, FrameReaderContract.Seeded());
        muxer.Begin(Facts, PcmSamples.Frame(format, input), file);
        for (var commits = 1; commits <= 3; commits++)
        {
            muxer.Write(PcmSamples.Frame(format, input), file);

            var growing = WithHeader(muxer, file.WrittenSpan);
            if (commits % 2 == 1)
            {
                AssertClean(_directory.Write("growing.wav", growing), format, 1001 * commits);
            }

            Assert.True(WavFileInfo.TryRead(Mended.Reader(growing), growing.Length, out var info));
            Assert.Equal(
                (sampleRate, channels, bits, 1001L * commits, false),
                (info.SampleRate, info.Channels, info.BitsPerSample, info.Samples, info.IsUnfinished));
        }
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 16)]
    [InlineData(6, 24)]
    public void Cut_anywhere_behind_its_header_it_is_mended(int channels, int bits)
    {
        var format = PcmSamples.Format(48000, channels, bits);
        var align = PcmSamples.BlockAlign(format);
        var random = FrameReaderContract.Seeded();
        var input = PcmSamples.Noise(format, 3000, random);
        var muxer = new WavFileMuxer(format);
        var file = new ArrayBufferWriter<byte>();
        muxer.Begin(Facts, PcmSamples.Frame(format, input), file);
        var head = file.WrittenCount;
        muxer.Write(PcmSamples.Frame(format, input.AsSpan(0, 1001 * align)), file);
        var older = WithHeader(muxer, file.WrittenSpan)[..head];
        muxer.Write(PcmSamples.Frame(format, input.AsSpan(1001 * align)), file);
        muxer.Finish(file);
        var newer = WithHeader(muxer, file.WrittenSpan);

        int[] lengths = [.. Enumerable.Range(head, 40), .. Enumerable.Range(head + (1001 * align) - 20, 40), .. Enumerable.Range(newer.Length - 20, 21)];
        foreach (var header in (byte[][])[newer[..head], older, file.WrittenSpan[..head].ToArray()])
        {
            foreach (var length in lengths)
            {
                byte[] torn = [.. header, .. newer[head..length]];
                var samples = Math.Min(3000, (length - head) / align);
                Assert.True(WavFileInfo.TryRead(Mended.Reader(torn), torn.Length, out var info, isLeftOpen: true));
                Assert.Equal(samples, info.Samples);

                var plan = Mended.Plan(torn, ".wav", isLeftOpen: true);
                var mended = Mended.Apply(plan, torn);

                Assert.Equal(samples, plan.Samples);
                Assert.True(mended.AsSpan().SequenceEqual(Whole(muxer, Facts, format, input.AsSpan(0, samples * align), random)), $"cut at {length}");
                Assert.True(Mended.Plan(mended, ".wav", isLeftOpen: true).IsEmptyFor(mended.Length));
            }
        }
    }

    [Theory]
    [InlineData("2026-05-23T22:31:30+02:00", 44100, 73_890L * 44100)]
    [InlineData("2026-01-01T00:30:00+01:00", 48000, 84_600L * 48000)]
    [InlineData("2026-05-24T00:00:00Z", 48000, 0)]
    [InlineData("2026-05-23T23:59:59.9999999Z", 384_000, 86_400L * 384_000)]
    [InlineData("2026-05-23T23:59:59.9999900Z", 48000, 86_400L * 48000)]
    [InlineData("2026-05-23T23:59:59.9999800Z", 48000, (86_400L * 48000) - 1)]
    [InlineData("2026-05-23T12:00:00.1234567Z", 11025, (43_200L * 11025) + 1361)]
    [InlineData("2026-05-23T12:00:00.0000001Z", 192_000, 43_200L * 192_000)]
    public void The_start_is_told_exactly(string start, int sampleRate, long expected)
    {
        var format = PcmSamples.Format(sampleRate, 2, 16);
        var facts = new FileFacts("mic", DateTimeOffset.Parse(start, CultureInfo.InvariantCulture));

        var bext = Chunk(Whole(new WavFileMuxer(format), facts, format, new byte[400], new Random(1)), "bext")!;

        Assert.Equal(expected, BinaryPrimitives.ReadInt64LittleEndian(bext.AsSpan(338)));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(bext.AsSpan(346)));
        Assert.Equal(facts.Start.ToUniversalTime().ToString("yyyy-MM-ddHH:mm:ss", CultureInfo.InvariantCulture), Encoding.ASCII.GetString(bext, 320, 18));
    }

    [Fact]
    public void The_nearest_sample_is_that_of_exact_arithmetic_at_any_time_and_rate()
    {
        var random = FrameReaderContract.Seeded();
        for (var round = 0; round < 20_000; round++)
        {
            var rate = random.Next(8000, 384_001);
            var start = new DateTimeOffset(random.NextInt64(TimeSpan.TicksPerDay * 3650), TimeSpan.Zero);
            var exact = (decimal)start.TimeOfDay.Ticks * rate / TimeSpan.TicksPerSecond;
            Assert.Equal((long)decimal.Round(exact, MidpointRounding.AwayFromZero), new FileFacts("x", start).TimeReference(rate));
        }
    }

    [Fact]
    public void Others_read_where_it_came_from_and_when_it_began()
    {
        var format = PcmSamples.Format(44100, 2, 16);
        var path = _directory.Write("told.wav", Whole(new WavFileMuxer(format), Facts, format, new byte[4000], new Random(1)));

        var tags = Encoding.UTF8.GetString(Tool.Output("ffprobe", "-v", "error", "-show_entries", "format_tags", "-of", "default=nk=0:nw=1", path));

        Assert.Contains("TAG:comment=mic\n", tags, StringComparison.Ordinal);
        Assert.Contains("TAG:encoded_by=isr\n", tags, StringComparison.Ordinal);
        Assert.Contains("TAG:date=2026-05-23\n", tags, StringComparison.Ordinal);
        Assert.Contains("TAG:creation_time=20:31:30\n", tags, StringComparison.Ordinal);
        Assert.Contains($"TAG:time_reference={73_890L * 44100}\n", tags, StringComparison.Ordinal);
        Assert.Contains("TAG:coding_history=A=PCM,F=44100,W=16,M=stereo,T=isr", tags, StringComparison.Ordinal);
        Assert.DoesNotContain("TAG:title", tags, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Küche 🎤", "K?che ??")]
    [InlineData("Tür\n\u0007", "T?r\n\u0007")]
    [InlineData("", "")]
    public void A_name_that_is_not_ASCII_is_told_in_full_beside_bext(string name, string description)
    {
        var format = PcmSamples.Format(48000, 1, 16);
        var file = Whole(new WavFileMuxer(format), Facts with { Source = name }, format, new byte[4000], new Random(1));
        var path = _directory.Write("named.wav", file);

        Assert.Equal(description, Encoding.ASCII.GetString(Chunk(file, "bext")!, 0, 256).TrimEnd('\0'));
        AssertClean(path, format, 2000);
        var title = Encoding.UTF8.GetString(Tool.Output("ffprobe", "-v", "error", "-show_entries", "format_tags=title", "-of", "default=nk=1:nw=1", path));
        Assert.Equal(name == description ? "" : name + "\n", title);
    }

    [Fact]
    public void No_name_or_format_makes_a_header_longer_than_the_longest()
    {
        foreach (var name in (string[])[new string('\u20AC', 5000), new string('x', 5000), string.Concat(Enumerable.Repeat("🎤", 3000)), "x\uD83C"])
        {
            var format = PcmSamples.Format(384_000, 32, 24);
            var muxer = new WavFileMuxer(format);
            var file = Whole(muxer, Facts with { Source = name }, format, new byte[96 * 100], new Random(1));
            Assert.InRange(muxer.GetHeader(new byte[muxer.MaxHeaderBytes], out _), 700, muxer.MaxHeaderBytes);
            AssertClean(_directory.Write("long.wav", file), format, 100);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_frame()
    {
        var format = PcmSamples.Format(48000, 2, 24);
        var muxer = new WavFileMuxer(format);
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var input = new byte[480 * 6];
        var header = new byte[muxer.MaxHeaderBytes];
        muxer.Begin(Facts, PcmSamples.Frame(format, input), output);
        muxer.Write(PcmSamples.Frame(format, input), output);
        muxer.GetHeader(header, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            muxer.Write(PcmSamples.Frame(format, input), output);
            muxer.GetHeader(header, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(AudioCodec.Flac, 48000, 2, 16)]
    [InlineData(AudioCodec.Pcm, 48000, 33, 16)]
    [InlineData(AudioCodec.Pcm, 48000, 0, 16)]
    [InlineData(AudioCodec.Pcm, 48000, 2, 32)]
    [InlineData(AudioCodec.Pcm, 400_000, 2, 16)]
    public void What_is_no_such_PCM_is_refused_at_once(AudioCodec codec, int sampleRate, int channels, int bits) =>
        Assert.Throws<ArgumentException>(() => new WavFileMuxer(new AudioFormat(codec, sampleRate, channels, bits)));

    /// <summary>A whole file, in frames of any length.</summary>
    private static byte[] Whole(WavFileMuxer muxer, in FileFacts facts, AudioFormat format, ReadOnlySpan<byte> samples, Random random)
    {
        var align = PcmSamples.BlockAlign(format);
        var file = new ArrayBufferWriter<byte>();
        muxer.Begin(facts, PcmSamples.Frame(format, samples), file);
        while (!samples.IsEmpty)
        {
            var length = Math.Min(samples.Length, random.Next(1, 2000) * align);
            muxer.Write(PcmSamples.Frame(format, samples[..length]), file);
            samples = samples[length..];
        }

        muxer.Finish(file);
        return WithHeader(muxer, file.WrittenSpan);
    }

    private static byte[] WithHeader(WavFileMuxer muxer, ReadOnlySpan<byte> file)
    {
        var whole = file.ToArray();
        var header = new byte[muxer.MaxHeaderBytes];
        var length = muxer.GetHeader(header, out var offset);
        header.AsSpan(0, length).CopyTo(whole.AsSpan((int)offset));
        return whole;
    }

    private static (int Riff, int Data) Sizes(ReadOnlySpan<byte> file, int head) =>
        (BinaryPrimitives.ReadInt32LittleEndian(file[4..]), BinaryPrimitives.ReadInt32LittleEndian(file[(head - 4)..]));

    private static byte[]? Chunk(ReadOnlySpan<byte> file, string id)
    {
        for (var at = 12; at < file.Length;)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            if (Encoding.ASCII.GetString(file.Slice(at, 4)) == id)
            {
                return file.Slice(at + 8, size).ToArray();
            }

            at += 8 + size + (size & 1);
        }

        return null;
    }

    /// <summary>
    /// soxi, ffprobe and libsndfile say of it what it is, and nothing against it. libsndfile does not like odd lengths even
    /// where they are padded; that a plain format does not tell which loudspeakers are meant is no fault.
    /// </summary>
    private static void AssertClean(string path, AudioFormat format, long samples)
    {
        var soxi = Tool.Run("soxi", path);
        Assert.Equal((0, ""), (soxi.ExitCode, soxi.Errors));
        Assert.Contains($" = {samples} samples ", Encoding.UTF8.GetString(soxi.Output), StringComparison.Ordinal);

        var ffprobe = Tool.Run("ffprobe", "-v", "warning", "-show_entries", "stream=sample_rate,channels,bits_per_sample,duration_ts", "-of", "csv=p=0", path);
        Assert.Equal(
            ("", $"{format.SampleRate},{format.Channels},{format.BitsPerSample},{samples}\n"),
            (ffprobe.Errors, Encoding.UTF8.GetString(ffprobe.Output)));

        var sndfile = Encoding.Latin1.GetString(Tool.Output("sndfile-info", path));
        Assert.Contains($"Frames      : {samples}\n", sndfile, StringComparison.Ordinal);
        Assert.DoesNotContain("*** ", sndfile.Replace("*** 'data' chunk should be an even number of bytes in length.", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Tool.Run("ffmpeg", "-v", "warning", "-i", path, "-f", "null", "-").Errors.Split('\n'),
            line => line.Length > 0 && !line.StartsWith("Guessed Channel Layout", StringComparison.Ordinal));
    }
}
