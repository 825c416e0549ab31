using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Audio.Tests.Detection;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Levels;

public sealed class LevelFileTests
{
    private static readonly RecordingKey s_key = new(123_456_789_012, new DateTime(2026, 5, 23, 1, 2, 3, 456, DateTimeKind.Utc).AddTicks(7));

    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 2)]
    [InlineData(24, 8)]
    public void Reads_what_was_written_extremes_rounded_outward(int bits, int channels)
    {
        var levels = Levels(FrameReaderContract.Seeded(), 300, channels, bits);

        Assert.True(LevelFile.TryRead(LevelFile.TryWrite(levels, s_key), out var key, out var read));
        Assert.Equal(s_key, key);
        Assert.Equal(DateTimeKind.Utc, key.ModifiedUtc.Kind);
        Assert.Equal(levels.Rms.ToArray(), read.Rms.ToArray());
        Assert.Equal(levels.Clipped.ToArray(), read.Clipped.ToArray());
        Assert.Equal((levels.SampleRate, levels.Channels, levels.WindowSamples, levels.Samples), (read.SampleRate, read.Channels, read.WindowSamples, read.Samples));
        Assert.All(levels.Minimum.ToArray().Zip(read.Minimum.ToArray()), v => Assert.InRange(v.Second, v.First - (Math.Abs(v.First) / 64), v.First));
        Assert.All(levels.Maximum.ToArray().Zip(read.Maximum.ToArray()), v => Assert.InRange(v.Second, v.First, v.First + (Math.Abs(v.First) / 64)));
        for (var i = 0; i < channels; i++)
        {
            Assert.All(
                levels.Peaks[i].ToArray().Zip(read.Peaks[i].ToArray()),
                v => Assert.InRange(v.Second, v.First, channels > 4 ? v.First + (v.First / 16) + 3 : v.First + (v.First / 64)));
        }

        // Once rounded, they stay.
        Assert.True(LevelFile.TryRead(LevelFile.TryWrite(read, s_key), out _, out var again));
        LevelWindowsTests.AssertEqual(read, again);
    }

    [Fact]
    public void Every_value_is_rounded_outward_by_a_64th_at_most()
    {
        for (var value = 0; value <= 65_535; value++)
        {
            var (up, down) = (ShortFloat.ValueOf(ShortFloat.Ceiling(value)), ShortFloat.ValueOf(ShortFloat.Floor(value)));
            Assert.InRange(up, value, value + (value / 64));
            Assert.InRange(down, value - (value / 64), value);
            Assert.Equal(up, ShortFloat.ValueOf(ShortFloat.Floor(up)));
        }

        Assert.Equal(ShortFloat.MaxCode, ShortFloat.Ceiling(65_535));
    }

    [Fact]
    public void The_ends_of_the_scale_are_kept()
    {
        var levels = new RecordingLevels
        {
            SampleRate = 10,
            Channels = 1,
            WindowSamples = 1,
            Samples = 4,
            Rms = new uint[] { 0, 100_000, 65_535, 65_536 },
            Minimum = new short[] { -32768, 32767, 0, -129 },
            Maximum = new short[] { -32768, 32767, 0, 129 },
            Peaks = [new ushort[] { 65535, 32768, 0, 129 }],
            Clipped = new ushort[] { 65535, 0, 1, 256 },
        };

        Assert.True(LevelFile.TryRead(LevelFile.TryWrite(levels, default), out _, out var read));
        Assert.Equal(levels.Rms.ToArray(), read.Rms.ToArray());
        Assert.Equal([-32768, 32512, 0, -130], read.Minimum.ToArray());
        Assert.Equal([-32768, 32767, 0, 130], read.Maximum.ToArray());
        Assert.Equal([65535, 32768, 0, 130], read.Peaks[0].ToArray());
        Assert.Equal(levels.Clipped.ToArray(), read.Clipped.ToArray());
    }

    [Fact]
    public void The_RMS_is_read_from_its_own_bytes()
    {
        var levels = Levels(FrameReaderContract.Seeded(), 200, 2, 16);
        var file = LevelFile.TryWrite(levels, s_key)!;

        Assert.True(LevelFileHead.TryRead(file.AsSpan(0, Math.Min(file.Length, LevelFileHead.MaxBytes)), out var head));
        Assert.Equal(s_key, head.Key);
        Assert.True(LevelFile.TryFindRms(head, file.Length, out var offset, out var length));
        Assert.Equal(levels.Rms.ToArray(), LevelFile.TryReadRms(head, file.AsSpan((int)offset, length)));
        Assert.False(LevelFile.TryFindRms(head, file.Length - 1, out _, out _));
        file[(int)offset] ^= 1;
        Assert.Null(LevelFile.TryReadRms(head, file.AsSpan((int)offset, length)));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(900, 2)]
    [InlineData(1000, 2)]
    [InlineData(1000, 3)]
    [InlineData(1000, 4)]
    public void Blocks_are_read_with_the_head_and_each_ones_RMS_alone(int windows, int width)
    {
        var random = FrameReaderContract.Seeded();
        var rms = Enumerable.Range(0, windows).Select(_ => (uint)random.Next(1 << 12)).ToArray();
        if (windows > 0)
        {
            rms[^1] = (uint)((1L << (8 * width)) - 1);
        }

        var file = LevelFile.TryWrite(DetectedLevels.Of(8000, windows * 800L, rms), s_key)!;
        Assert.True(LevelFileHead.TryRead(file, out var head));
        Assert.True(LevelFileBlocks.TryFind(head, file.Length, out var length));
        Assert.False(LevelFileBlocks.TryFind(head, file.Length + 1, out _));
        Assert.True(LevelFileBlocks.TryRead(head, file.AsMemory(0, length), out var blocks));

        Assert.Equal((300, (windows + 299) / 300), (blocks.BlockWindows, blocks.Count));
        for (var i = 0; i < blocks.Count; i++)
        {
            var expected = rms.AsSpan(i * 300, Math.Min(300, windows - (i * 300))).ToArray();
            var bytes = file.AsSpan((int)blocks.OffsetOf(i), blocks.BytesOf(i));
            var read = new uint[expected.Length];
            Assert.True(blocks.TryReadRms(i, bytes, read));
            Assert.Equal(expected, read);
            Assert.Equal(new LevelBlock(expected.Order().ElementAt(expected.Length * 20 / 100), expected.Max()), blocks[i]);
            bytes[random.Next(bytes.Length)] ^= 1;
            Assert.False(blocks.TryReadRms(i, bytes, read));
        }

        file[length - 1] ^= 1;
        Assert.True(windows == 0 || !LevelFileBlocks.TryRead(head, file.AsMemory(0, length), out _));
    }

    [Fact]
    public void A_block_has_the_shape_of_its_windows_as_they_are_kept()
    {
        var random = FrameReaderContract.Seeded();
        var levels = Levels(random, 700, 2, 16);
        var file = LevelFile.TryWrite(levels, s_key)!;
        Assert.True(LevelFile.TryRead(file, out _, out var read));
        Assert.True(LevelFileHead.TryRead(file, out var head));
        Assert.True(LevelFileBlocks.TryFind(head, file.Length, out var length));
        Assert.True(LevelFileBlocks.TryRead(head, file.AsMemory(0, length), out var blocks));
        Assert.True(LevelFile.TryFindExtremes(head, out var offset, out var bytes));
        Assert.True(LevelFile.TryReadExtremes(head, file.AsSpan((int)offset, bytes), out var minimum, out var maximum));

        Assert.Equal(read.Minimum.ToArray(), minimum.ToArray());
        Assert.Equal(read.Maximum.ToArray(), maximum.ToArray());
        for (var i = 0; i < 3; i++)
        {
            var (first, end) = (i * 300, Math.Min(700, (i + 1) * 300));
            var rms = Math.Sqrt(read.Rms[first..end].ToArray().Average(v => (double)v * v));
            Assert.Equal(new BlockShape(minimum[first..end].ToArray().Min(), maximum[first..end].ToArray().Max(), (uint)Math.Round(rms)), blocks.ShapeOf(i));
        }

        file[offset + random.Next(bytes)] ^= 1;
        Assert.False(LevelFile.TryReadExtremes(head, file.AsSpan((int)offset, bytes), out _, out _));
        Assert.False(LevelFile.TryReadExtremes(head, file.AsSpan((int)offset, bytes - 1), out _, out _));
    }

    [Fact]
    public void Nothing_recorded_is_a_file_too()
    {
        Assert.True(LevelFile.TryRead(LevelFile.TryWrite(new LevelWindows(44_100, 2, SampleFormat.S16).ToLevels(), s_key), out _, out var read));
        Assert.Equal(0, read.Samples);
        Assert.Empty(read.Rms.ToArray());
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var file = LevelFile.TryWrite(Levels(FrameReaderContract.Seeded(), 50, 2, 16), s_key)!;
        for (var length = 0; length < file.Length; length++)
        {
            Assert.False(LevelFile.TryRead(file.AsSpan(0, length), out _, out _));
        }

        Assert.False(LevelFile.TryRead([.. file, 0], out _, out _));
    }

    [Fact]
    public void Flipped_bits_are_refused()
    {
        var random = FrameReaderContract.Seeded();
        var file = LevelFile.TryWrite(Levels(random, 50, 2, 16), s_key)!;
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = file.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                damaged[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            }

            Assert.Equal(damaged.AsSpan().SequenceEqual(file), LevelFile.TryRead(damaged, out _, out _));
        }
    }

    [Fact]
    public void Hostile_bytes_with_right_checksums_cost_neither_an_exception_nor_time_nor_memory()
    {
        var random = FrameReaderContract.Seeded();
        var file = LevelFile.TryWrite(Levels(random, 50, 2, 16), s_key)!;
        var (began, read) = (Stopwatch.GetTimestamp(), 0);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = file.ToArray();
            var head = HeadBytes(bytes);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                // Numbers of the head, or the planes themselves.
                var at = random.Next(3) == 0 ? random.Next(12, head - 4) : random.Next(head, bytes.Length);
                bytes[at] = (byte)random.Next(256);
            }

            Seal(bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            read += LevelFile.TryRead(bytes, out _, out var levels) ? 1 : 0;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
            Assert.True(levels is null || levels.Peaks.All(p => p.Length == levels.Rms.Length));
        }

        // Some changes make other levels, and are none that could be seen.
        Assert.InRange(read, 1, 9_999);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 60);
    }

    [Fact]
    public void Claims_of_many_windows_are_not_believed()
    {
        var file = LevelFile.TryWrite(Levels(FrameReaderContract.Seeded(), 50, 1, 16), s_key)!;
        foreach (var samples in (long[])[long.MaxValue, 1L << 40, LevelFile.MaxValues * 100L, 100_000_000])
        {
            BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(24), samples);
            Seal(file);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(LevelFile.TryRead(file, out _, out _));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void Unknown_planes_are_passed_over_and_another_version_is_refused()
    {
        var levels = Levels(FrameReaderContract.Seeded(), 20, 1, 16);
        var file = LevelFile.TryWrite(levels, s_key)!;
        var head = HeadBytes(file);
        byte[] more = [.. file.AsSpan(0, head - 4), .. new byte[28], .. file.AsSpan(head - 4), 1, 2, 3];
        "spectrum"u8.CopyTo(more.AsSpan(head - 4));
        (more[head + 12], more[head + 13], more[head + 16]) = (77, 9, 3);
        more[10]++;
        Seal(more);

        Assert.True(LevelFile.TryRead(more, out _, out var read));
        Assert.Equal(levels.Rms.ToArray(), read.Rms.ToArray());

        file[8] = 2;
        Seal(file);
        Assert.False(LevelFile.TryRead(file, out _, out _));

        file[8] = 4;
        Seal(file);
        Assert.False(LevelFile.TryRead(file, out _, out _));
    }

    /// <summary>An hour has 36,000 windows and is to take 300 kB at most; here is a twentieth of one.</summary>
    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.1)]
    [InlineData(8, 0.1)]
    [InlineData(8, 0)]
    [InlineData(2, 0.1, true)]
    [InlineData(8, 0.1, true)]
    public void Noise_speech_and_silence_take_300_kB_an_hour_at_most(int channels, double amplitude, bool isSpeech = false)
    {
        // The same each time: how well noise compresses is a matter of chance, too.
        var random = new Random(20261121);
        var noise = Enumerable.Range(0, 1 << 18).Select(_ =>
            (short)Math.Clamp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * amplitude * 32768, -32768, 32767)).ToArray();
        var windows = new LevelWindows(48_000, channels, SampleFormat.S16);
        for (var window = 0; window < 1_800; window++)
        {
            // Bursts of a few tenths of a second, each channel with a noise of its own.
            var gain = isSpeech && window % 8 < 5 ? random.NextDouble() : isSpeech ? 0.01 : 1;
            var part = noise.AsSpan(random.Next(noise.Length - (4_800 * channels)), 4_800 * channels).ToArray();
            windows.Add(MemoryMarshal.AsBytes(Array.ConvertAll(part, sample => (short)(sample * gain)).AsSpan()));
        }

        var file = LevelFile.TryWrite(windows.ToLevels(), s_key)!;
        var perHour = HeadBytes(file) + ((file.Length - HeadBytes(file)) * 20);
        TestContext.Current.TestOutputHelper?.WriteLine($"{channels} channels, {amplitude}: {perHour} bytes an hour");
        Assert.InRange(perHour, 72_000, 300_000);
    }

    private static RecordingLevels Levels(Random random, int windows, int channels, int bits)
    {
        var gathered = new LevelWindows(100, channels, bits == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);
        for (var i = 0; i < windows; i++)
        {
            var scale = random.Next(1, 2_000_000);
            var full = (1 << (bits - 1)) - 1;
            gathered.Add(LevelSamples.Bytes(Enumerable.Range(0, (i == windows - 1 ? 3 : 10) * channels).Select(_ => Math.Clamp(random.Next(-scale, scale), -full, full)), bits));
        }

        return gathered.ToLevels();
    }

    private static int HeadBytes(byte[] file) => 48 + (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(10)) * 28) + 4;

    /// <summary>Makes all checksums right that lie within the file.</summary>
    private static void Seal(byte[] file)
    {
        var head = HeadBytes(file);
        long at = head;
        for (var entry = 48; entry < head - 4; entry += 28)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(entry + 20));
            if (length >= 0 && at + length <= file.Length)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(entry + 24), LevelFileHead.Crc(file.AsSpan((int)at, length)));
                at += length;
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(head - 4), LevelFileHead.Crc(file.AsSpan(0, head - 4)));
    }
}
