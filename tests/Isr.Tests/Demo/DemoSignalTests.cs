using Isr.Demo;

namespace Isr.Tests.Demo;

public sealed class DemoSignalTests
{
    private const int Minute = 60 * DemoSignal.SampleRate;

    [Fact]
    public void Equal_seeds_sound_equal_however_it_is_cut()
    {
        var whole = new short[2 * Minute];
        new DemoSignal(7).Read(0, whole);

        var pieces = new short[2 * Minute];
        var signal = new DemoSignal(7);
        var random = new Random(42);
        for (var at = 0; at < Minute;)
        {
            var count = Math.Min(random.Next(1, 9000), Minute - at);
            signal.Read(at, pieces.AsSpan(2 * at, 2 * count));
            at += count;
        }

        Assert.True(whole.AsSpan().SequenceEqual(pieces));
    }

    [Fact]
    public void Any_part_can_be_generated_again()
    {
        var signal = new DemoSignal(7);
        var whole = new short[2 * Minute];
        signal.Read(3 * Minute, whole);

        var part = new short[2000];
        signal.Read(3 * Minute + 1_234_567, part);

        Assert.True(whole.AsSpan(2 * 1_234_567, 2000).SequenceEqual(part));
    }

    [Fact]
    public void Another_seed_sounds_different()
    {
        var one = new short[2 * Minute];
        var other = new short[2 * Minute];

        new DemoSignal(1).Read(0, one);
        new DemoSignal(2).Read(0, other);

        Assert.False(one.AsSpan().SequenceEqual(other));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_never_clips_and_is_not_faint_either(int seed)
    {
        var signal = new DemoSignal(seed);
        var minute = new short[2 * Minute];
        var peak = 0;
        for (var m = 0; m < 2; m++)
        {
            signal.Read((long)m * Minute, minute);
            foreach (var sample in minute)
            {
                peak = Math.Max(peak, Math.Abs((int)sample));
            }
        }

        Assert.InRange(peak, 8_000, 30_000);
    }

    [Fact]
    public void Its_background_is_quiet_and_its_events_stand_out()
    {
        var signal = new DemoSignal(1);
        var samples = new short[2 * 3 * Minute];
        signal.Read(0, samples);
        const int Window = DemoSignal.SampleRate / 10;

        var levels = samples.Chunk(2 * Window).Select(w => 10 * Math.Log10(w.Average(s => s / 32768.0 * (s / 32768.0)))).Order().ToList();

        Assert.InRange(levels[levels.Count / 4], -54, -46);
        Assert.InRange(levels[^1], -25, -8);
        Assert.InRange(levels.Count(l => l > levels[levels.Count / 4] + 12), levels.Count / 20, levels.Count / 2);
    }

    [Fact]
    public void It_says_what_it_plays()
    {
        var signal = new DemoSignal(1);

        var said = Enumerable.Range(0, 90).Select(i => signal.Describe(i * 20L * DemoSignal.SampleRate, 20 * DemoSignal.SampleRate)).ToList();

        Assert.Contains(said, s => s.Contains("speech", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("an impact", StringComparison.Ordinal));
        Assert.Contains(said, s => s.Contains("a swell", StringComparison.Ordinal));
        Assert.All(said, s => Assert.StartsWith("Quiet noise", s, StringComparison.Ordinal));
    }
}
