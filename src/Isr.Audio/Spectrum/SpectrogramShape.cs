using System.Numerics;

namespace Isr.Audio.Spectrum;

/// <summary>How a stretch of sound is divided into columns of time and rows of frequency.</summary>
/// <param name="Count">Samples per channel of the stretch, 1 at least.</param>
/// <param name="Columns">Of time.</param>
/// <param name="Rows">Of frequency, from 0 Hz to half the sample rate.</param>
/// <param name="Transform">Samples of a transform: a power of two.</param>
public readonly record struct SpectrogramShape(long Count, int Columns, int Rows, int Transform)
{
    /// <summary>What the ear takes for one sound; at 48 kHz 2,048 samples, rows of 23 Hz.</summary>
    private const double UsualSeconds = 2048 / 48_000.0;
    private const int Least = 64;
    private const int Most = 1 << 15;

    /// <summary>
    /// Where columns are short a transform is four of them, so that what is short is not smeared over the picture; but each row has a frequency of its own, and where columns are
    /// long it is no longer than usual.
    /// </summary>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="count">As above, as the others.</param>
    /// <param name="columns">At most 4,096.</param>
    /// <param name="rows">At most 1,024.</param>
    public static SpectrogramShape Of(int sampleRate, long count, int columns, int rows)
    {
        var usual = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(sampleRate * UsualSeconds / Math.Sqrt(2), Least, Most));
        var short4 = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(4 * count / columns, Least, Most));
        var rowsOwn = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * rows));
        return new SpectrogramShape(count, columns, rows, Math.Max(rowsOwn, Math.Min(usual, short4)));
    }

    /// <summary>The same stretch of sound with so many times the samples; a power of two.</summary>
    public SpectrogramShape Times(int scale) => this with { Count = Count * scale, Transform = Transform * scale };

    /// <summary>The first sample of a column; that of the column behind the last is the end.</summary>
    public long StartOf(int column) => (column * (Count / Columns)) + (column * (Count % Columns) / Columns);

    /// <summary>How many transforms a column has: where it is longer than one, every sample is well inside one at least.</summary>
    public int FramesOf(int column) => (int)Math.Max(1, (StartOf(column + 1) - StartOf(column) + (Transform / 2) - 1) / (Transform / 2));

    /// <summary>The first sample of a transform, which may lie before the stretch.</summary>
    public long FrameStart(int column, int frame)
    {
        var (start, length) = (StartOf(column), StartOf(column + 1) - StartOf(column));
        return start + (length * ((2 * frame) + 1) / (2 * FramesOf(column))) - (Transform / 2);
    }
}
