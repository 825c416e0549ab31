using System.Buffers.Binary;
using Isr.Audio.Pcm;
using Isr.Audio.Spectrum;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Spectrum;

public sealed class SpectrogramMakerTests
{
    [Theory]
    [InlineData(48_000, 1000, 0, 100_000, 100, 256)]
    [InlineData(48_000, 1000, -20, 400_000, 20, 256)]
    [InlineData(48_000, 12_000, -60, 4_800, 1000, 256)]
    [InlineData(44_100, 441, -6, 30_000, 77, 64)]
    [InlineData(8_000, 3_000, -40, 8_000, 400, 256)]
    [InlineData(8_000, 2_000, -10, 100, 333, 16)]
    [InlineData(96_000, 30_000, -3, 96_000, 50, 1024)]
    public void A_sine_lies_in_its_row_with_its_level(int rate, double hertz, double decibels, int count, int columns, int rows)
    {
        var shape = SpectrogramShape.Of(rate, count, columns, rows);

        // In the middle of one of the transform's frequencies: beside it a Hann window shows it up to 1.4 dB lower.
        var exact = Math.Round(hertz * shape.Transform / rate) * rate / shape.Transform;
        var amplitude = Math.Pow(10, decibels / 20);
        var before = shape.Transform / 2;
        var picture = Make(shape, 1, before, Samples(before + count + before, i => amplitude * Math.Sin(2 * Math.PI * exact * i / rate)));

        var row = (int)(exact / (rate / 2.0) * rows);
        for (var column = 0; column < columns; column++)
        {
            var levels = picture.Levels.Slice(column * rows, rows);
            Assert.InRange(levels[row] / 2.0, 127.5 + decibels - 0.5, 127.5 + decibels + 0.5);
            for (var other = 0; other < rows; other++)
            {
                // Two of the transform's frequencies further there is nothing but what rounding to floating point leaves.
                var distance = Math.Max(0, Math.Abs(other + 0.5 - (exact / (rate / 2.0) * rows)) - 0.5) * shape.Transform / 2 / rows;
                Assert.True(distance <= 2.5 || levels[other] / 2.0 <= Math.Max(0, 127.5 + decibels - 70), $"column {column}, row {other}, {distance}: {levels[other]}");
            }
        }
    }

    [Fact]
    public void Silence_is_zero_and_so_is_what_never_came()
    {
        var shape = SpectrogramShape.Of(48_000, 48_000, 100, 256);

        foreach (var samples in (short[][])[new short[48_000], []])
        {
            var picture = Make(shape, 1, 0, samples);
            Assert.False(picture.Levels.ContainsAnyExcept((byte)0));
            Assert.False(picture.Minimum.ContainsAnyExcept((short)0));
            Assert.False(picture.Maximum.ContainsAnyExcept((short)0));
        }
    }

    [Fact]
    public void A_sound_of_one_side_is_three_decibels_lower_and_opposite_phases_do_not_cancel()
    {
        var shape = SpectrogramShape.Of(48_000, 48_000, 10, 256);
        double Sine(int i) => Math.Sin(2 * Math.PI * 1500 * i / 48_000);

        var left = Make(shape, 2, 0, Samples(96_000, i => i % 2 == 0 ? Sine(i / 2) : 0));
        var opposite = Make(shape, 2, 0, Samples(96_000, i => i % 2 == 0 ? Sine(i / 2) : -Sine(i / 2)));
        var third = Make(shape, 3, 0, Samples(144_000, i => i % 3 == 2 ? Sine(i / 3) : 0));

        Assert.Equal((249, 255, 245), (Loudest(left, 5), Loudest(opposite, 5), Loudest(third, 5)));
    }

    /// <summary>A knock of a millisecond, in a column of three seconds.</summary>
    [Fact]
    public void What_is_short_is_seen_however_far_it_is_zoomed_out()
    {
        var random = FrameReaderContract.Seeded();
        var shape = SpectrogramShape.Of(48_000, 1_440_000, 10, 256);
        for (var round = 0; round < 4; round++)
        {
            var at = random.Next(1_440_000 - 48);
            var picture = Make(shape, 1, 0, Samples(1_440_000, i => i >= at && i < at + 48 ? Math.Sin(2 * Math.PI * (i - at) / 12.0) : 0));

            var column = (int)((at + 24L) * 10 / 1_440_000);
            Assert.True(Loudest(picture, column) > 255 - 90, $"at {at}: {Loudest(picture, column)}");
            Assert.InRange(Enumerable.Range(0, 10).Count(c => Loudest(picture, c) > 0), 1, 2);
        }
    }

    [Fact]
    public void The_answer_does_not_depend_on_the_pieces_in_which_samples_come()
    {
        var random = FrameReaderContract.Seeded();
        var shape = SpectrogramShape.Of(48_000, 50_000, 300, 128);
        var samples = Samples(2 * 54_000, _ => (random.NextDouble() * 2) - 1);
        var whole = Make(shape, 2, 300, samples);

        var pieces = new SpectrogramMaker(shape, 2, 300);
        for (var at = 0; at < samples.Length;)
        {
            var next = Math.Min(samples.Length, at + (2 * random.Next(1, 9000)));
            pieces.Add(SampleFormat.S16, Bytes(samples.AsSpan(at, next - at)));
            at = next;
        }

        pieces.Finish();
        Assert.Equal(whole.Levels, pieces.Levels);
        Assert.Equal(whole.Minimum, pieces.Minimum);
        Assert.Equal(whole.Maximum, pieces.Maximum);
    }

    [Fact]
    public void Each_column_has_the_extremes_of_its_own_samples()
    {
        var random = FrameReaderContract.Seeded();
        foreach (var (count, columns) in ((int, int)[])[(50_000, 300), (1000, 1000), (10, 37), (1, 5), (48_000, 1)])
        {
            var shape = SpectrogramShape.Of(48_000, count, columns, 64);
            var samples = Samples(2 * (count + 100), _ => (random.NextDouble() * 2) - 1);

            var picture = Make(shape, 2, 30, samples);

            for (var column = 0; column < columns; column++)
            {
                var (start, end) = ((int)shape.StartOf(column), (int)shape.StartOf(column + 1));
                var own = samples[(2 * (30 + start))..(2 * (30 + Math.Max(start + 1, end)))];
                Assert.Equal((own.Min(), own.Max()), (picture.Minimum[column], picture.Maximum[column]));
            }
        }
    }

    [Fact]
    public void More_bits_are_rounded_outward_and_no_number_is_silent()
    {
        var shape = SpectrogramShape.Of(48_000, 4, 4, 16);
        var deep = new SpectrogramMaker(shape, 1, 0);
        deep.Add(SampleFormat.S24Packed, [1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0x80]);
        deep.Finish();
        Assert.Equal([0, -1, 32767, -32768], deep.Minimum.ToArray());
        Assert.Equal([1, 0, 32767, -32768], deep.Maximum.ToArray());

        var real = new SpectrogramMaker(shape, 1, 0);
        var bytes = new byte[16];
        foreach (var (i, value) in ((float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue]).Index())
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), value);
        }

        real.Add(SampleFormat.Real, bytes);
        real.Finish();
        Assert.Equal([0, 32767, -32768, 32767], real.Maximum.ToArray());
    }

    [Fact]
    public void Any_shape_fits_into_memory_and_time()
    {
        var random = FrameReaderContract.Seeded();
        for (var i = 0; i < 40; i++)
        {
            var (rate, columns, rows) = (random.Next(10) == 0 ? random.Next(1, int.MaxValue) : random.Next(1, 400_000), 1 << random.Next(13), random.Next(16, 1025));
            var shape = SpectrogramShape.Of(rate, random.Next(1, 20_000), columns, rows);
            Assert.InRange(shape.Transform, 2 * rows, 1 << 15);

            var picture = Make(shape, 1, 0, Samples((int)shape.Count, _ => random.NextDouble() - 0.5));

            Assert.Equal(columns * rows, picture.Levels.Length);
            Assert.True(Loudest(picture, columns - 1) > 0, $"{shape}");
        }
    }

    [Theory]
    [InlineData(48_000, 480_000, 1000, 256, 2048)]
    [InlineData(48_000, 28_800_000, 1000, 256, 2048)]
    [InlineData(48_000, 48_000, 1000, 64, 256)]
    [InlineData(48_000, 48_000, 1000, 256, 512)]
    [InlineData(8_000, 80_000, 1000, 128, 256)]
    [InlineData(96_000, 9_600_000, 1000, 256, 4096)]
    public void A_transform_is_as_long_as_columns_and_rows_ask_for(int rate, long count, int columns, int rows, int expected) =>
        Assert.Equal(expected, SpectrogramShape.Of(rate, count, columns, rows).Transform);

    private static byte Loudest(SpectrogramMaker picture, int column)
    {
        byte loudest = 0;
        var rows = picture.Levels.Length / picture.Minimum.Length;
        foreach (var level in picture.Levels.Slice(column * rows, rows))
        {
            loudest = Math.Max(loudest, level);
        }

        return loudest;
    }

    private static short[] Samples(int count, Func<int, double> sample) => [.. Enumerable.Range(0, count).Select(i => (short)Math.Round(sample(i) * 32767))];

    private static SpectrogramMaker Make(SpectrogramShape shape, int channels, int before, short[] samples)
    {
        var picture = new SpectrogramMaker(shape, channels, before);
        picture.Add(SampleFormat.S16, Bytes(samples));
        picture.Finish();
        return picture;
    }

    private static byte[] Bytes(ReadOnlySpan<short> samples) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples).ToArray();
}
