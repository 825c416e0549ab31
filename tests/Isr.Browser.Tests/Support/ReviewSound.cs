using System.Runtime.InteropServices;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Support;

/// <summary>A tone that stands out.</summary>
/// <param name="Start">Seconds from the beginning of its hour; below 0 where it began in the hour before.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Hertz">Its pitch.</param>
/// <param name="Level">Its peak; 1 is full scale.</param>
internal readonly record struct Burst(double Start, double Seconds, double Hertz, double Level)
{
    public double End => Start + Seconds;
}

/// <summary>Hours of sound that take little time to make and little room: 8 kHz, mono, of 12 bits.</summary>
internal static class ReviewSound
{
    public const int Rate = 8000;
    public const int HourSamples = 3600 * Rate;

    /// <summary>Samples are multiples of it: bits that are always 0 cost FLAC nothing.</summary>
    private const int Step = 16;

    private const double FadeSeconds = 0.02;

    /// <summary>So many MP3 frames are six minutes of this rate, so that an hour is ten times the same bytes.</summary>
    private const int BlockFrames = 5000;
    private const int FrameBytes = 144;
    private const int FrameSamples = 576;

    private static readonly double[] s_pitches = [330, 440, 660, 880, 1320, 1760, 2640];
    private static readonly double[] s_levels = [0.02, 0.04, 0.08, 0.2, 0.6];

    /// <summary>A handful of bursts, spread over the hour, on tenths of a second.</summary>
    public static List<Burst> Bursts(int seed, int count)
    {
        var random = new Random(seed);
        var each = 3500.0 / count;
        return [.. Enumerable.Range(0, count).Select(i => new Burst(
            Math.Round((each * i) + 20 + (random.NextDouble() * (each - 30)), 1),
            Math.Round(0.8 + (random.NextDouble() * 5), 1),
            s_pitches[random.Next(s_pitches.Length)],
            s_levels[random.Next(s_levels.Length)]))];
    }

    /// <summary>Quiet noise, which rises and falls like wind, and the bursts.</summary>
    public static short[] Hour(int seed, IEnumerable<Burst> bursts)
    {
        var random = new Random(seed);
        var winds = Enumerable.Range(1, 3).Select(strength => Noise(random, strength)).ToArray();
        var samples = new short[HourSamples];
        for (var second = 0; second < 3600; second++)
        {
            var wind = winds[(int)(1.5 + Math.Sin(second / 170.0) + (random.NextDouble() * 0.4))];
            wind.AsSpan(random.Next(wind.Length - Rate), Rate).CopyTo(samples.AsSpan(second * Rate));
        }

        foreach (var burst in bursts)
        {
            Add(samples, burst);
        }

        return samples;
    }

    public static Task WriteFlacAsync(ReadOnlyMemory<short> samples, string path)
    {
        string[] raw = ["--force-raw-format", "--endian=little", "--sign=signed", "--channels=1", "--bps=16", $"--sample-rate={Rate}"];
        return Processes.CheckAsync("flac", ["--silent", "-0", .. raw, "-o", path, "-"], Bytes(samples));
    }

    /// <summary>An hour of a programme: about as loud all the time.</summary>
    public static async Task WriteMp3Async(string path)
    {
        // More than is taken: a coder begins and ends with silence.
        var programme = Programme((BlockFrames + 20) * FrameSamples);
        string[] input = ["-nostdin", "-v", "error", "-f", "s16le", "-ar", $"{Rate}", "-ac", "1", "-i", "pipe:0"];
        string[] coded = ["-c:a", "libmp3lame", "-b:a", "16k", "-reservoir", "0", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1"];
        var made = await Processes.CheckAsync("ffmpeg", [.. input, .. coded], Bytes(programme));
        var block = made.Output.AsMemory(10 * FrameBytes, BlockFrames * FrameBytes);
        await using var file = File.Create(path);
        for (var i = 0; i < HourSamples / (BlockFrames * FrameSamples); i++)
        {
            await file.WriteAsync(block, TestContext.Current.CancellationToken);
        }
    }

    private static short[] Noise(Random random, int strength)
    {
        var noise = new short[30 * Rate];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = (short)(Step * Math.Round((random.NextDouble() - 0.5) * 2 * strength));
        }

        return noise;
    }

    private static void Add(short[] samples, Burst burst)
    {
        var (first, end) = ((int)Math.Round(burst.Start * Rate), (int)Math.Round(burst.End * Rate));
        for (var i = Math.Max(0, first); i < Math.Min(end, samples.Length); i++)
        {
            var fade = Math.Min(1, Math.Min(i - first, end - i) / (FadeSeconds * Rate));
            var phase = 2 * Math.PI * burst.Hertz * (i - first) / Rate;
            var tone = burst.Level * fade * ((0.8 * Math.Sin(phase)) + (0.2 * Math.Sin(3 * phase)));
            samples[i] = (short)Math.Clamp((Step * Math.Round(tone * 32768 / Step)) + samples[i], short.MinValue, short.MaxValue);
        }
    }

    private static short[] Programme(int length)
    {
        var samples = new short[length];
        for (var i = 0; i < length; i++)
        {
            var t = (double)i / Rate;
            var root = 2 * Math.PI * 110 * (1 + ((int)(t / 2) % 5 * 0.25)) * t;
            var beat = 0.75 + (0.25 * Math.Cos(2 * Math.PI * 1.5 * t));
            samples[i] = (short)(5000 * beat * (Math.Sin(root) + (0.6 * Math.Sin(2 * root)) + (0.4 * Math.Sin(5 * root))));
        }

        return samples;
    }

    private static byte[] Bytes(ReadOnlyMemory<short> samples) => MemoryMarshal.AsBytes(samples.Span).ToArray();
}
