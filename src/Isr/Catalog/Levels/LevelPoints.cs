using Isr.Audio.Levels;

namespace Isr.Catalog.Levels;

/// <summary>Gathers a recording's levels into as many points as a drawing has room for.</summary>
internal static class LevelPoints
{
    private const double FullScale = 32_768;
    private const int Decimals = 5;

    /// <param name="levels">Of the recording.</param>
    /// <param name="from">Seconds; at least 0.</param>
    /// <param name="to">Seconds; what lies behind the end is left out.</param>
    /// <param name="most">Points at most; there are fewer where there are fewer windows.</param>
    public static LevelsAnswer Gather(RecordingLevels levels, double from, double to, int most)
    {
        var window = (double)levels.WindowSamples / levels.SampleRate;
        var duration = (double)levels.Samples / levels.SampleRate;
        var windows = levels.Rms.Length;

        // Whole windows, so that the same zoom gives the same points wherever it begins within one.
        var first = (int)Math.Clamp(Math.Floor(from / window), 0, windows);
        var last = (int)Math.Clamp(Math.Ceiling(Math.Min(to, duration) / window), first, windows);
        var points = Math.Min(most, last - first);
        var answer = new Arrays(points);
        for (var i = 0; i < points; i++)
        {
            var begin = first + (int)((long)i * (last - first) / points);
            var end = first + (int)((long)(i + 1) * (last - first) / points);
            answer.Set(i, levels, begin, end);
        }

        return new LevelsAnswer(
            Math.Round(first * window, Decimals),
            Math.Round(Math.Min(last * window, duration), Decimals),
            Math.Round(duration, Decimals),
            Math.Round(window, Decimals),
            answer.Min,
            answer.Max,
            answer.Rms,
            answer.Clipped);
    }

    private sealed class Arrays(int points)
    {
        public double[] Min { get; } = new double[points];

        public double[] Max { get; } = new double[points];

        public double[] Rms { get; } = new double[points];

        public int[] Clipped { get; } = new int[points];

        public void Set(int at, RecordingLevels levels, int begin, int end)
        {
            var (min, max, squares, clipped) = (short.MaxValue, short.MinValue, 0.0, 0);
            for (var i = begin; i < end; i++)
            {
                min = Math.Min(min, levels.Minimum.Span[i]);
                max = Math.Max(max, levels.Maximum.Span[i]);
                var rms = levels.Rms.Span[i] * RecordingLevels.RmsUnit;
                squares += rms * rms;
                clipped += levels.Clipped.Span[i];
            }

            Min[at] = Math.Round(min / FullScale, Decimals);
            Max[at] = Math.Round(max / FullScale, Decimals);
            Rms[at] = Math.Round(Math.Sqrt(squares / (end - begin)), Decimals);
            Clipped[at] = clipped;
        }
    }
}
