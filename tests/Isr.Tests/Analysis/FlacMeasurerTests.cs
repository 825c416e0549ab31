using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Isr.Analysis;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class FlacMeasurerTests : IDisposable
{
    private const int Rate = 48000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<int, int, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, int> { { 8, 2, 5 }, { 12, 1, 5 }, { 20, 2, 5 }, { 24, 1, 8 }, { 32, 1, 5 }, { 32, 2, 2 } };
            for (var i = 0; i < 9; i++)
            {
                kinds.Add(i % 2 == 0 ? 16 : 24, Math.Min(i + 1, 8), i);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_size_of_samples_number_of_channels_and_compression_is_exact(int bits, int channels, int compression)
    {
        var sound = TestSound.Make(44100, channels, bits, 1.137, bits + channels);
        var path = _directory.File("x.flac");
        Assert.SkipWhen(bits == 32 && !await CanEncodeAsync(sound, path), "This flac writes no 32 bits.");
        await sound.FlacAsync(path, $"-{compression}", "--lax");
        var file = File.ReadAllBytes(path);
        Assert.Equal(bits, ((file[20] << 4 & 16) | file[21] >> 4) + 1);

        foreach (var (cores, part) in new[] { (1, 1 << 20), (2, 30_000), (3, 5_001) })
        {
            var measured = Flac(file, cores, part);
            Assert.Equal((null, null), (measured.Sentence, measured.DamagedFrom));
            Same(Truth(sound), measured.Levels);
        }
    }

    [Fact]
    public async Task Blocks_of_any_size_are_exact()
    {
        // What one encoder makes in blocks of different sizes, numbered by samples.
        var (head, frames, sound) = await FramesAsync(16, 2, 2, ["--blocksize=192", "--lax"], ["--blocksize=1152"], ["--blocksize=4608"], ["--blocksize=17", "--lax"]);
        byte[] file = [.. head, .. NumberedBySamples(frames)];

        foreach (var (cores, part) in new[] { (1, 1 << 20), (2, 30_000), (3, 5_001) })
        {
            var measured = Flac(file, cores, part);
            Assert.Equal((null, null), (measured.Sentence, measured.DamagedFrom));
            Same(Truth(sound), measured.Levels);
        }
    }

    [Fact]
    public async Task Headers_by_chance_within_frames_are_no_frames()
    {
        // Noise of full scale is stored as it is: so whatever is put into the samples stands in the file.
        var sound = TestSound.Make(Rate, 1, 16, 2);
        new Random(5).NextBytes(MemoryMarshal.AsBytes(sound.Samples.AsSpan()));
        for (var i = 0; i < sound.Samples.Length; i++)
        {
            sound.Samples[i] = (short)sound.Samples[i];
        }

        byte[] lure = [0xFF, 0xF8, 0xCA, 0x08, 3];
        lure = [.. lure, (byte)FlacSplitter.Crc(lure, 0x07, 8)];
        for (var at = 100; at < sound.Samples.Length - 8; at += 700)
        {
            for (var i = 0; i < lure.Length; i += 2)
            {
                sound.Samples[at + (i / 2)] = (short)(lure[i] << 8 | lure[i + 1]);
            }
        }

        var path = _directory.File("x.flac");
        await sound.FlacAsync(path, "-5");
        var file = File.ReadAllBytes(path);
        Assert.InRange(file.AsSpan().Count(lure), 100, int.MaxValue);
        foreach (var (cores, part) in new[] { (1, 1 << 20), (2, 30_000), (3, 5_001), (2, 1_000) })
        {
            var measured = Flac(file, cores, part);
            Assert.Equal((null, null), (measured.Sentence, measured.DamagedFrom));
            Same(Truth(sound), measured.Levels);
        }
    }

    [Fact]
    public async Task What_is_cut_off_anywhere_is_measured_up_to_there()
    {
        var (head, frames, sound) = await FramesAsync(16, 2, 1, ["--blocksize=4096"]);
        byte[] file = [.. head, .. frames.SelectMany(f => f.Original.ToArray())];
        var random = Seeded();
        for (var i = 0; i < 60; i++)
        {
            var length = i < 8 ? head.Length + i : random.Next(head.Length, file.Length);
            var (at, whole) = (head.Length, 0);
            while (whole < frames.Count && at + frames[whole].Original.Length <= length)
            {
                at += frames[whole++].Original.Length;
            }

            var one = Flac(file[..length], 1, 1 << 20);
            var many = Flac(file[..length], 2, 20_000);

            Assert.Equal(whole == 0, one.Levels is null);
            Assert.Equal(one with { Levels = null }, many with { Levels = null });
            if (whole > 0)
            {
                var samples = frames.Take(whole).Sum(f => f.Samples);
                Same(Truth(sound with { Samples = sound.Samples[..(samples * 2)] }), one.Levels);
                Same(one.Levels!, many.Levels);
                Assert.Equal(whole == frames.Count ? null : (double)samples / Rate, one.DamagedFrom);
            }
        }
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(1_000_000, "The file ends before its header says.")]
    public async Task A_total_that_is_missing_or_wrong_harms_nothing(int total, string? sentence)
    {
        var (head, frames, sound) = await FramesAsync(16, 2, 1, ["-5"]);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(22), total);
        byte[] file = [.. head, .. frames.SelectMany(f => f.Original.ToArray())];

        foreach (var cores in new[] { 1, 2 })
        {
            var measured = Flac(file, cores, 20_000);
            Assert.Equal(sentence, measured.Sentence);
            Assert.Equal(sentence is null ? null : (double)sound.Samples.Length / 2 / Rate, measured.DamagedFrom);
            Same(Truth(sound), measured.Levels);
        }
    }

    [Theory]
    [InlineData(44100, 2, 16)]
    [InlineData(Rate, 1, 16)]
    [InlineData(Rate, 2, 24)]
    public async Task Where_another_kind_of_sound_begins_it_ends(int rate, int channels, int bits)
    {
        var (head, frames, sound) = await FramesAsync(16, 2, 1, ["-5"]);
        var other = _directory.File("other.flac");
        await TestSound.Make(rate, channels, bits, 1).FlacAsync(other);
        byte[] file = [.. head, .. frames.SelectMany(f => f.Original.ToArray()), .. File.ReadAllBytes(other)];

        foreach (var cores in new[] { 1, 2 })
        {
            var measured = Flac(file, cores, 20_000);
            Assert.StartsWith("Its rate, channels, size of samples or of blocks change there", measured.Sentence, StringComparison.Ordinal);
            Assert.Equal((double)sound.Samples.Length / 2 / Rate, measured.DamagedFrom);
            Same(Truth(sound), measured.Levels);
        }
    }

    [Theory]
    [InlineData("--blocksize=4096")]
    [InlineData("--blocksize=4608")]
    public async Task Files_that_were_joined_are_measured_one_behind_the_other(string blocks)
    {
        var (one, two) = (TestSound.Make(Rate, 2, 16, 1.1, 1), TestSound.Make(Rate, 2, 16, 0.7, 2));
        await one.FlacAsync(_directory.File("1.flac"), "--blocksize=4096");
        await two.FlacAsync(_directory.File("2.flac"), blocks, "--lax");
        byte[] file = [.. File.ReadAllBytes(_directory.File("1.flac")), .. File.ReadAllBytes(_directory.File("2.flac"))];
        var both = one with { Samples = [.. one.Samples, .. two.Samples] };

        foreach (var (cores, part) in new[] { (1, 1 << 20), (2, 20_000), (2, 3_000) })
        {
            var measured = Flac(file, cores, part);
            Assert.Equal((null, null), (measured.Sentence, measured.DamagedFrom));
            Same(Truth(both), measured.Levels);
        }
    }

    [Fact]
    public async Task Where_a_joined_file_of_smaller_blocks_begins_it_ends_soon()
    {
        var (one, two) = (TestSound.Make(Rate, 2, 16, 1.1, 1), TestSound.Make(Rate, 2, 16, 0.7, 2));
        await one.FlacAsync(_directory.File("1.flac"), "--blocksize=4096");
        await two.FlacAsync(_directory.File("2.flac"), "--blocksize=1152");
        var measured = Flac([.. File.ReadAllBytes(_directory.File("1.flac")), .. File.ReadAllBytes(_directory.File("2.flac"))], 2, 20_000);

        var samples = (one.Samples.Length / 2) + 1152;
        Assert.StartsWith("Its rate, channels, size of samples or of blocks change there", measured.Sentence, StringComparison.Ordinal);
        Assert.Equal((double)samples / Rate, measured.DamagedFrom);
        Same(Truth(one with { Samples = [.. one.Samples, .. two.Samples[..(2 * 1152)]] }), measured.Levels);
    }

    [Fact]
    public async Task Damage_in_the_last_frame_is_told()
    {
        var (head, frames, sound) = await FramesAsync(16, 2, 1, ["-5"]);
        byte[] file = [.. head, .. frames.SelectMany(f => f.Original.ToArray())];
        file[^(frames[^1].Original.Length / 2)] ^= 4;
        var samples = frames.SkipLast(1).Sum(f => f.Samples);

        foreach (var cores in new[] { 1, 2 })
        {
            var measured = Flac(file, cores, 20_000);
            Assert.Equal((double)samples / Rate, measured.DamagedFrom);
            Same(Truth(sound with { Samples = sound.Samples[..(2 * samples)] }), measured.Levels);
        }
    }

    [Fact]
    public async Task Chained_Ogg_FLAC_is_measured_link_by_link()
    {
        var (one, two) = (TestSound.Make(Rate, 2, 16, 1.1, 1), TestSound.Make(Rate, 2, 16, 0.7, 2));
        await one.FlacAsync(_directory.File("1.oga"), "--ogg", "--serial-number=1");
        await two.FlacAsync(_directory.File("2.oga"), "--ogg", "--serial-number=2");
        var path = _directory.File("both.oga");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(_directory.File("1.oga")), .. File.ReadAllBytes(_directory.File("2.oga"))]);

        var measured = FileMeasurer.Measure(path, 2, null, TestContext.Current.CancellationToken);

        Assert.Equal((null, null), (measured.Sentence, measured.DamagedFrom));
        Same(Truth(one with { Samples = [.. one.Samples, .. two.Samples] }), measured.Levels);
    }

    private static async Task<bool> CanEncodeAsync(TestSound sound, string path)
    {
        try
        {
            await sound.FlacAsync(path, "--lax");
            return true;
        }
        catch (Xunit.Sdk.XunitException)
        {
            return false;
        }
    }

    private static Random Seeded()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        return new Random(seed);
    }

    private static RecordingLevels Truth(TestSound sound)
    {
        var (format, width, full) = sound.Bits <= 16 ? (SampleFormat.S16, 2, 16) : sound.Bits <= 24 ? (SampleFormat.S24Packed, 3, 24) : (SampleFormat.S32, 4, 32);
        var windows = new LevelWindows(sound.Rate, sound.Channels, format);
        windows.Add(sound.Bytes(width, full - sound.Bits));
        return windows.ToLevels();
    }

    private static void Same(RecordingLevels expected, RecordingLevels? actual) => FileMeasurerTests.Same(expected, actual);

    private static byte[] NumberedBySamples(List<HeardFrame> frames)
    {
        var (file, position) = (new List<byte>(), 0L);
        foreach (var (_, _, _, _, _, original) in frames)
        {
            var frame = original.Span;
            var header = FlacSplitter.TryHeader(frame)!.Value;
            byte[] start = [frame[0], 0xF9, .. frame[2..4], .. Number(position), .. frame[(4 + header.NumberLength)..(header.Length - 1)]];
            byte[] whole = [.. start, (byte)FlacSplitter.Crc(start, 0x07, 8), .. frame[header.Length..^2]];
            var crc = FlacSplitter.Crc(whole, 0x8005, 16);
            file.AddRange([.. whole, (byte)(crc >> 8), (byte)crc]);
            position += header.BlockSize;
        }

        return [.. file];
    }

    private static byte[] Number(long value)
    {
        if (value < 0x80)
        {
            return [(byte)value];
        }

        var rest = new List<byte>();
        var room = 0x40;
        while (value >= room)
        {
            rest.Insert(0, (byte)(0x80 | (value & 0x3F)));
            (value, room) = (value >> 6, room >> 1);
        }

        return [(byte)(-2 * room | (int)value), .. rest];
    }

    private static MeasuredFile Flac(byte[] bytes, int cores, int part)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("x.flac");
        File.WriteAllBytes(path, bytes);
        using var file = File.OpenHandle(path);
        return FlacMeasurer.Measure(file, bytes.Length, cores, part, null, TestContext.Current.CancellationToken);
    }

    /// <summary>The head of the first, the frames of all, each encoded in another way, and all their sound.</summary>
    private async Task<(byte[] Head, List<HeardFrame> Frames, TestSound Sound)> FramesAsync(int bits, int channels, double seconds, params string[][] encodings)
    {
        var (head, all, samples) = (Array.Empty<byte>(), new List<HeardFrame>(), new List<int>());
        for (var i = 0; i < encodings.Length; i++)
        {
            var sound = TestSound.Make(Rate, channels, bits, seconds / encodings.Length, i);
            var path = _directory.File($"part{i}.flac");
            await sound.FlacAsync(path, encodings[i]);
            var file = File.ReadAllBytes(path);
            var at = 4;
            for (var isLast = false; !isLast; at += 4 + (file[at + 1] << 16 | file[at + 2] << 8 | file[at + 3]))
            {
                isLast = (file[at] & 0x80) != 0;
            }

            all.AddRange(FlacSplitter.File(file).Frames);
            head = i == 0 ? file[..at] : head;
            samples.AddRange(sound.Samples);
        }

        if (encodings.Length > 1)
        {
            // Of all parts together.
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(22), samples.Count / channels);
        }

        return (head, all, new TestSound(Rate, channels, bits, [.. samples]));
    }
}
