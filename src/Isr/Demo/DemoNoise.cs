namespace Isr.Demo;

/// <summary>
/// A room with nothing in it: noise of about -50 dBFS that falls with frequency, as octaves of interpolated
/// random values, and breathes slowly.
/// </summary>
internal sealed class DemoNoise(ulong seed)
{
    private const int Octaves = 6;
    private const float Level = 0.0027f;

    public void Fill(long position, Span<float> left, Span<float> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var t = (position + i) / (double)DemoSignal.SampleRate;
            var breath = 1 + 0.2f * (float)Math.Sin(t * (Math.Tau / 23)) + 0.1f * (float)Math.Sin(t * (Math.Tau / 37));
            left[i] = Level * breath * At(position + i, seed);
            right[i] = Level * breath * At(position + i, ~seed);
        }
    }

    private static float At(long position, ulong seed)
    {
        var sum = 0f;
        for (var octave = 0; octave < Octaves; octave++)
        {
            var cell = position >> octave;
            var within = (position - (cell << octave)) / (float)(1 << octave);
            var from = Value((ulong)cell, seed + (ulong)octave);
            sum += octave == 0 ? from : from + within * (Value((ulong)cell + 1, seed + (ulong)octave) - from);
        }

        return sum;
    }

    /// <summary>A number in [-1, 1).</summary>
    private static float Value(ulong cell, ulong seed) => (int)(Chance.Mix(cell * 0xD1342543DE82EF95 ^ seed) >> 32) * (1f / 2147483648f);
}
