using System.Globalization;
using System.Numerics;
using Isr.Audio.Detection;

namespace Isr.Audio.Tests.Detection;

/// <summary>The text of the contract, sentence by sentence and window by window: slow, and the judge of the fast one.</summary>
internal static class LiteralDetector
{
    /// <param name="files">Recordings that follow on one another: when each begins, in seconds, its rate, its samples and its levels.</param>
    /// <param name="parameters">What makes a section.</param>
    public static List<LiteralSection> Detect(IReadOnlyList<(double Start, int SampleRate, long Samples, double[] Levels)> files, DetectionParameters parameters)
    {
        var windows = new List<(int File, int Window, double Decibels)>();
        var blocks = new List<(double Floor, int Windows)>();
        var w = 0.0;
        for (var file = 0; file < files.Count; file++)
        {
            var (_, rate, _, levels) = files[file];
            w = (double)Math.Max(1, rate / 10) / rate;
            var db = levels.Select(level => 20 * Math.Log10(Math.Max(level, 1e-6))).ToArray();
            windows.AddRange(db.Select((value, i) => (file, i, value)));
            foreach (var block in db.Chunk((int)Math.Max(1, Math.Round(30 / w, MidpointRounding.ToEven))))
            {
                blocks.Add((block.Order().ElementAt(block.Length * 20 / 100), block.Length));
            }
        }

        var floors = new List<double>();
        for (var block = 0; block < blocks.Count; block++)
        {
            var least = blocks.Skip(block - 2).Take(block < 2 ? block + 3 : 5).Min(b => b.Floor);
            floors.AddRange(Enumerable.Repeat(Math.Max(least, 20 * Math.Log10(0.002)), blocks[block].Windows));
        }

        var rise = (int)Math.Max(1, Math.Round(0.5 / w, MidpointRounding.ToEven));
        var sections = new List<LiteralSection>();
        var loud = new List<int>();

        double Seconds(int from, int to) => files[windows[to].File].Start - files[windows[from].File].Start;
        bool IsOver(int quiet) => Seconds(loud[^1], quiet) + (windows[quiet].Window * w) - (windows[loud[^1]].Window * w) > parameters.MinGap;

        void Close(bool isOpen)
        {
            var (first, last) = (windows[loud[0]], windows[loud[^1]]);
            var end = (last.Window * w) + w;
            if (Seconds(loud[0], loud[^1]) + end - (first.Window * w) >= parameters.MinDuration - 1e-9)
            {
                var peak = loud.Max(i => windows[i].Decibels - floors[i]);
                var onset = loud.Max(i => i < rise ? windows[i].Decibels - floors[i] : windows[i].Decibels - windows[i - rise].Decibels);
                var endFile = isOpen ? files.Count - 1 : last.File;
                sections.Add(new LiteralSection(
                    first.File,
                    Round(first.Window * w, 1),
                    endFile,
                    Round(isOpen ? (double)files[endFile].Samples / files[endFile].SampleRate : end, 1),
                    Round(Math.Max(0, Math.Min(peak, onset)), 1)));
            }

            loud.Clear();
        }

        for (var i = 0; i < windows.Count; i++)
        {
            if (windows[i].Decibels >= floors[i] + parameters.Margin)
            {
                loud.Add(i);
            }
            else if (loud.Count > 0 && IsOver(i))
            {
                Close(isOpen: false);
            }
        }

        if (loud.Count > 0)
        {
            Close(isOpen: true);
        }

        return sections;
    }

    /// <summary>From the exact binary value, as a fraction of whole numbers; halves to even.</summary>
    public static double Round(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1075;
        var mantissa = (bits & ((1L << 52) - 1)) | (1L << 52);
        var numerator = mantissa * BigInteger.Pow(10, decimals) * (exponent > 0 ? BigInteger.Pow(2, exponent) : 1);
        var denominator = BigInteger.Pow(2, Math.Max(0, -exponent));
        var whole = BigInteger.DivRem(numerator, denominator, out var rest);
        if (rest * 2 > denominator || (rest * 2 == denominator && !whole.IsEven))
        {
            whole++;
        }

        return double.Parse($"{whole}e-{decimals}", CultureInfo.InvariantCulture);
    }
}

/// <param name="First">The number of the recording in which it begins.</param>
/// <param name="Start">Seconds in that.</param>
/// <param name="Last">The number of the recording in which it ends.</param>
/// <param name="End">Seconds in that.</param>
/// <param name="Score">Decibels.</param>
internal readonly record struct LiteralSection(int First, double Start, int Last, double End, double Score);
