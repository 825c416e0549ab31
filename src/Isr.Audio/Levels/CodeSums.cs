using Isr.Audio.Pcm;

namespace Isr.Audio.Levels;

/// <summary>A window of integers: an exact sum of squares, so that nothing depends on the order or on the split into calls.</summary>
internal sealed class CodeSums : WindowSums
{
    private readonly LevelKernel _measure;
    private readonly ClippedKernel _countClipped;
    private readonly Extremes[] _extremes;
    private readonly int _bits;
    private UInt128 _squares;

    public CodeSums(SampleFormat format, int channels)
    {
        (_measure, _countClipped, _bits) = (LevelKernels.Choose(format, channels), LevelKernels.ChooseClipped(format), LevelKernels.BitsOf(format));
        _extremes = new Extremes[channels];
        _extremes.AsSpan().Fill(Extremes.None);
    }

    public override void Add(ReadOnlySpan<byte> samples, int position)
    {
        _squares += _measure(samples, _extremes);
        if (IsAtFullScale())
        {
            Clipped += _countClipped(samples);
        }
    }

    public override void Append(WindowSums next)
    {
        var codes = (CodeSums)next;
        _squares += codes._squares;
        Clipped += codes.Clipped;
        for (var i = 0; i < _extremes.Length; i++)
        {
            var (own, other) = (_extremes[i], codes._extremes[i]);
            _extremes[i] = new Extremes(Math.Min(own.Minimum, other.Minimum), Math.Max(own.Maximum, other.Maximum));
        }
    }

    public override double Rms(int moments) => Math.Sqrt((double)_squares / moments) / (_extremes.Length * (double)(1L << (_bits - 1)));

    public override void GetExtremes(Span<Extremes> channels)
    {
        for (var i = 0; i < channels.Length; i++)
        {
            channels[i] = new Extremes(LevelRounding.Down(_extremes[i].Minimum, _bits), LevelRounding.Up(_extremes[i].Maximum, _bits));
        }
    }

    public override void Clear()
    {
        _extremes.AsSpan().Fill(Extremes.None);
        (_squares, Clipped) = (UInt128.Zero, 0);
    }

    private bool IsAtFullScale()
    {
        var (lowest, highest) = (int.MinValue >> (32 - _bits), int.MaxValue >> (32 - _bits));
        foreach (var channel in _extremes)
        {
            if (channel.Minimum == lowest || channel.Maximum == highest)
            {
                return true;
            }
        }

        return false;
    }
}
