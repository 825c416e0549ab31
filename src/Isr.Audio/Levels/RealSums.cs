using System.Runtime.CompilerServices;
using Isr.Audio.Pcm;

namespace Isr.Audio.Levels;

/// <summary>
/// A window of floating point. Sums of doubles depend on the order: the square at a window's position <c>p</c> goes to lane
/// <c>p mod 8</c>, and the lanes are added pairwise at the end, whatever kernel did it and however the calls were split.
/// </summary>
internal sealed class RealSums : WindowSums
{
    private readonly RealKernel _measure;
    private readonly ClippedKernel _countClipped;
    private readonly RealExtremes[] _extremes;
    private RealLanes _squares;

    public RealSums(SampleFormat format, int channels)
    {
        (_measure, _countClipped) = (RealKernels.Choose(format, channels), RealKernels.ChooseClipped(format));
        _extremes = new RealExtremes[channels];
        _extremes.AsSpan().Fill(RealExtremes.None);
    }

    public override void Add(ReadOnlySpan<byte> samples, int position)
    {
        _measure(samples, position, _extremes, ref _squares);
        if (IsAtFullScale())
        {
            Clipped += _countClipped(samples);
        }
    }

    /// <summary>Exact only when either is of no sample.</summary>
    public override void Append(WindowSums next)
    {
        var reals = (RealSums)next;
        Clipped += reals.Clipped;
        for (var lane = 0; lane < RealLanes.Count; lane++)
        {
            _squares[lane] += reals._squares[lane];
        }

        for (var i = 0; i < _extremes.Length; i++)
        {
            var (own, other) = (_extremes[i], reals._extremes[i]);
            _extremes[i] = new RealExtremes(Math.Min(own.Minimum, other.Minimum), Math.Max(own.Maximum, other.Maximum));
        }
    }

    public override double Rms(int moments) => Math.Sqrt(_squares.Sum() / moments) / _extremes.Length;

    public override void GetExtremes(Span<Extremes> channels)
    {
        for (var i = 0; i < channels.Length; i++)
        {
            channels[i] = new Extremes(LevelRounding.Down(_extremes[i].Minimum), LevelRounding.Up(_extremes[i].Maximum));
        }
    }

    public override void Clear()
    {
        _extremes.AsSpan().Fill(RealExtremes.None);
        (_squares, Clipped) = (default, 0);
    }

    private bool IsAtFullScale()
    {
        foreach (var channel in _extremes)
        {
            if (channel.Minimum <= -1 || channel.Maximum >= 1)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A channel's lowest and highest sample.</summary>
internal record struct RealExtremes(double Minimum, double Maximum)
{
    /// <summary>Of no sample.</summary>
    public static RealExtremes None { get; } = new(double.PositiveInfinity, double.NegativeInfinity);
}

/// <summary>Sums of squares by position in the window.</summary>
[InlineArray(Count)]
internal struct RealLanes
{
    public const int Count = 8;

    private double _first;

    public readonly double Sum() => ((this[0] + this[4]) + (this[2] + this[6])) + ((this[1] + this[5]) + (this[3] + this[7]));
}
