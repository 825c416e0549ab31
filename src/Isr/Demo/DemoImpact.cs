namespace Isr.Demo;

/// <summary>Something is struck: an attack of a millisecond, then the ringing of five inharmonic modes.</summary>
internal sealed class DemoImpact
{
    private const int Length = 3 * DemoSignal.SampleRate;
    private const float Level = 0.3f;

    // Modes of a free bar, relative to the first; higher ones are softer and die sooner.
    private static readonly float[] s_ratios = [1, 2.756f, 5.404f, 8.933f];

    private readonly float _frequency;
    private readonly float _decay;
    private readonly float _gain;
    private readonly float _gainLeft;
    private readonly float _gainRight;

    public DemoImpact(long slot, long start, ref Chance chance)
    {
        Slot = slot;
        Start = start;
        _frequency = chance.Between(180f, 520f);
        _decay = chance.Between(3f, 7f);
        _gain = Level * chance.Between(0.5f, 1f);
        var pan = chance.Between(0.2f, 0.8f);
        _gainLeft = MathF.Sqrt(1 - pan);
        _gainRight = MathF.Sqrt(pan);
    }

    public long Slot { get; }

    /// <summary>Position of its first sample.</summary>
    public long Start { get; }

    public void Add(long position, Span<float> left, Span<float> right)
    {
        var end = Math.Min(position + left.Length, Start + Length);
        for (var p = Math.Max(position, Start); p < end; p++)
        {
            var t = (p - Start) / (float)DemoSignal.SampleRate;
            var x = 0f;
            for (var mode = 0; mode < s_ratios.Length; mode++)
            {
                x += MathF.Exp(-_decay * (1 + mode) * t) * MathF.Sin(MathF.Tau * _frequency * s_ratios[mode] * t) / (1 + mode);
            }

            // The blow itself, and a fade so that nothing is cut off at the end.
            x *= _gain * Math.Min(1, t / 0.001f) * (1 - t * DemoSignal.SampleRate / Length);
            left[(int)(p - position)] += _gainLeft * x;
            right[(int)(p - position)] += _gainRight * x;
        }
    }
}
