using Isr.Audio.Detection;
using Isr.Audio.Levels;

namespace Isr.Audio.Tests.Detection;

/// <summary>Levels to detect in.</summary>
internal static class DetectedLevels
{
    public static RecordingLevels Of(int sampleRate, long samples, uint[] rms) => new()
    {
        SampleRate = sampleRate,
        Channels = 1,
        WindowSamples = RecordingLevels.WindowOf(sampleRate),
        Samples = samples,
        Rms = rms,
        Minimum = new short[rms.Length],
        Maximum = new short[rms.Length],
        Peaks = [new ushort[rms.Length]],
        Clipped = new ushort[rms.Length],
    };

    /// <summary>Noise with sounds in it, whose loudness is of many kinds: silence, all at the same level, swells, single windows.</summary>
    public static uint[] Wild(Random random, int windows)
    {
        var rms = new uint[windows];
        var (noise, spread, loud) = (random.Next(4) == 0 ? 0 : random.Next(3000), random.Next(5) * 10, 0);
        for (var i = 0; i < windows; i++)
        {
            if (random.Next(400) == 0)
            {
                noise = random.Next(3000);
            }

            loud = random.Next(loud > 0 ? 6 : 60) == 0 ? random.Next(3) * random.Next(30_000) : loud;
            var level = noise + random.Next(spread + 1) + (loud > 0 ? random.Next(loud + 1) : 0);
            rms[i] = random.Next(2000) == 0 ? (uint)random.Next() * 2 : (uint)level;
        }

        return rms;
    }

    public static int Rate(Random random) => random.Next(5) switch
    {
        0 => random.Next(1, 60),
        1 => random.Next(8000, 384_001),
        2 => 11_025,
        3 => 44_100,
        _ => 48_000,
    };

    /// <summary>Any that there may be, and many at the ends of their ranges.</summary>
    public static DetectionParameters Parameters(Random random) => new(
        random.Next(4) switch { 0 => 1, 1 => 12, 2 => random.Next(1, 61), _ => 1 + (random.NextDouble() * 20) },
        random.Next(5) switch { 0 => 0, 1 => 2, 2 => 300, 3 => random.Next(50) / 10.0, _ => random.NextDouble() * 20 },
        random.Next(4) switch { 0 => 0, 1 => 0.5, 2 => random.Next(40) / 10.0, _ => random.NextDouble() * 4 });

    /// <summary>Samples that make so many windows; the last one may be short.</summary>
    public static long Samples(Random random, int sampleRate, int windows)
    {
        var window = RecordingLevels.WindowOf(sampleRate);
        return windows == 0 ? 0 : ((long)windows * window) - (random.Next(2) == 0 ? 0 : random.Next(window));
    }
}
