using System.Buffers.Binary;
using Isr.Audio;
using Isr.Recording.Joining;

namespace Isr.Tests.Recording;

public sealed class SeamTests
{
    private const int Rate = 44_100;
    private const int Samples = 1152;

    private static readonly AudioFormat s_format = new(AudioCodec.MpegLayer3, Rate, 2);

    [Theory]
    [InlineData(0, 8)]
    [InlineData(500, 520)]
    [InlineData(900, 1000)]
    [InlineData(980, 1200)]
    [InlineData(992, 1100)]
    public void A_connection_is_found_where_its_first_frame_was_recorded(int from, int to)
    {
        var seam = Find(Numbered(0, 1000), Numbered(from, to));

        Assert.Equal(new Seam(from, null), seam);
    }

    [Fact]
    public void A_burst_that_is_longer_than_what_is_known_begins_before_it()
    {
        var seam = Find(Numbered(5000, 5100), Numbered(4000, 5200));

        Assert.Equal(new Seam(-1000, null), seam);
    }

    [Theory]
    [InlineData(993, 1100)]
    [InlineData(998, 1100)]
    [InlineData(1000, 1100)]
    [InlineData(0, 7)]
    public void Fewer_than_eight_equal_frames_prove_nothing(int from, int to) => Assert.Equal(Seam.None, Find(Numbered(0, 1000), Numbered(from, to)));

    [Theory]
    [InlineData(993, -0.18, 993)]
    [InlineData(998, -0.5, 998)]
    [InlineData(999, -0.026, null)]
    [InlineData(995, -1.0, null)]
    public void Fewer_are_enough_if_the_clock_agrees(int from, double byClock, int? found)
    {
        var seam = Seam.Find(Recent([.. Numbered(0, 1000)], position: null), Prints(Numbered(from, 1100)), null, Rate, byClock);

        Assert.Equal(found, seam.DoubledFrom);
    }

    [Fact]
    public void Silence_proves_nothing_but_four_frames_of_sound_in_it_do()
    {
        int[] silence = [.. Enumerable.Repeat(0, 200)];
        int[] sound = [1, 2, 3];
        Assert.Equal(Seam.None, Find(silence, silence));
        Assert.Equal(new Seam(190, null), Find([.. silence, .. sound], [.. silence[..10], .. sound, 4, 5]));
        Assert.Equal(Seam.None, Find([.. silence, 1, 2], [.. silence[..10], 1, 2, 3, 4, 5]));
    }

    [Fact]
    public void What_fits_in_two_places_fits_nowhere()
    {
        int[] theme = [.. Numbered(1, 20)];
        Assert.Equal(Seam.None, Find([.. theme, .. Numbered(100, 200), .. theme], theme));
    }

    [Fact]
    public void One_frame_that_differs_makes_it_another_stream()
    {
        int[] first = [.. Numbered(900, 1100)];
        first[50] = -1;

        Assert.Equal(Seam.None, Find(Numbered(0, 1000), first));
    }

    [Fact]
    public void Sound_that_repeats_itself_for_minutes_is_given_up_in_time()
    {
        int[] first = [1, 2, 3, 4, .. Enumerable.Repeat(0, 24_000), 5];

        Assert.Equal(Seam.None, Find([.. Enumerable.Repeat(0, 16_000)], first, samples: 100));
    }

    [Theory]
    [InlineData(10, 0.26, 10L)]
    [InlineData(0, 0.0, 0L)]
    [InlineData(10, 3.0, null)]
    public void A_stream_that_counts_tells_how_much_is_missing_if_the_clock_agrees(int frames, double byClock, long? missing)
    {
        var recorded = Recent([.. Numbered(0, 100)], position: 7_000_000);
        var start = new StreamPosition(9, 7_000_000 + ((100L + frames) * Samples));

        var seam = Seam.Find(recorded, Prints(Numbered(100 + frames, 140 + frames)), start, Rate, byClock);

        Assert.Equal(new Seam(null, missing * Samples), seam);
    }

    [Fact]
    public void A_stream_that_counts_needs_but_one_equal_frame()
    {
        var recorded = Recent([.. Numbered(0, 100)], position: 0);

        Assert.Equal(new Seam(98, null), Seam.Find(recorded, Prints([98, 99, 100, 101]), new StreamPosition(9, 98 * Samples), Rate, -0.05));
        Assert.Equal(Seam.None, Seam.Find(recorded, Prints([98, 99, 100, 101]), new StreamPosition(9, 97 * Samples), Rate, -3));
        Assert.Equal(Seam.None, Seam.Find(recorded, Prints([98, 99, 100, 101]), new StreamPosition(8, 98 * Samples), Rate, -3));
    }

    [Fact]
    public void Half_a_minute_is_remembered()
    {
        var recent = Recent([.. Numbered(0, 5000)], position: null);

        Assert.InRange(recent.Count * (double)Samples / Rate, 30, 30.1);
        Assert.Equal(Prints([4999])[0], recent[recent.Count - 1]);
    }

    private static Seam Find(IEnumerable<int> recorded, IEnumerable<int> first, int samples = Samples) =>
        Seam.Find(Recent([.. recorded], position: null, samples), Prints(first, samples), null, Rate, -1);

    private static IEnumerable<int> Numbered(int from, int to) => Enumerable.Range(from, to - from);

    private static RecentFrames Recent(int[] numbers, long? position, int samples = Samples)
    {
        var recent = new RecentFrames();
        for (var i = 0; i < numbers.Length; i++)
        {
            StreamPosition? at = position is { } first ? new StreamPosition(9, first + ((long)i * samples)) : null;
            recent.Add(new AudioFrame(Bytes(numbers[i]), samples, s_format, position: at));
        }

        return recent;
    }

    private static FramePrint[] Prints(IEnumerable<int> numbers, int samples = Samples) =>
        [.. numbers.Select(number => FramePrint.Of(new AudioFrame(Bytes(number), samples, s_format)))];

    private static byte[] Bytes(int number)
    {
        var bytes = new byte[60];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(30), number);
        return bytes;
    }
}
