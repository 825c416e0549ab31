namespace Isr.Demo;

/// <summary>A chord that comes and goes within ten to twenty seconds, too slowly to be a sudden event.</summary>
internal sealed class DemoSwell
{
    private const float Level = 0.022f;

    // Root, fifth, octave, major tenth, just intonation.
    private static readonly double[] s_ratios = [1, 1.5, 2, 2.5];

    private readonly double _root;
    private readonly int _length;

    public DemoSwell(long slot, long start, ref Chance chance)
    {
        Slot = slot;
        Start = start;
        _root = chance.Between(98f, 147f);
        _length = chance.Between(10 * DemoSignal.SampleRate, 20 * DemoSignal.SampleRate);
    }

    public long Slot { get; }

    /// <summary>Position of its first sample.</summary>
    public long Start { get; }

    public void Add(long position, Span<float> left, Span<float> right)
    {
        var end = Math.Min(position + left.Length, Start + _length);
        for (var p = Math.Max(position, Start); p < end; p++)
        {
            var t = (p - Start) / (double)DemoSignal.SampleRate;
            var rise = Math.Sin(Math.PI * (p - Start) / _length);
            var gain = (float)(Level * rise * rise);
            foreach (var ratio in s_ratios)
            {
                // A little out of tune between left and right makes it wide.
                left[(int)(p - position)] += gain * (float)Math.Sin(Math.Tau * _root * ratio * t);
                right[(int)(p - position)] += gain * (float)Math.Sin(Math.Tau * (_root * ratio + 0.3) * t);
            }
        }
    }
}
