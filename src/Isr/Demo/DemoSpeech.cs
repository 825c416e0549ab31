namespace Isr.Demo;

/// <summary>
/// A few seconds in the rhythm of speech: syllables of glottal pulses, each pulse answered by the formants of
/// the syllable's vowel, a hiss of a consonant before some of them.
/// </summary>
internal sealed class DemoSpeech
{
    private const float Level = 0.14f;
    private const float ConsonantLevel = 0.03f;

    private readonly List<Pulse> _pulses = [];
    private readonly List<Hiss> _hisses = [];
    private readonly Vowels _vowels;
    private readonly float _gainLeft;
    private readonly float _gainRight;

    public DemoSpeech(long slot, long start, Vowels vowels, ref Chance chance)
    {
        Slot = slot;
        Start = start;
        _vowels = vowels;
        var pan = chance.Between(0.3f, 0.7f);
        _gainLeft = MathF.Sqrt(1 - pan);
        _gainRight = MathF.Sqrt(pan);
        Speak(chance.Between(1f, 3.8f), chance.Between(95f, 210f), ref chance);
    }

    public long Slot { get; }

    /// <summary>Position of its first sample.</summary>
    public long Start { get; }

    public void Add(long position, Span<float> left, Span<float> right)
    {
        var end = position + left.Length;
        foreach (var pulse in _pulses)
        {
            var grain = _vowels[pulse.Vowel];
            var from = Math.Max(position, Start + pulse.At);
            var to = Math.Min(end, Start + pulse.At + grain.Length);
            for (var p = from; p < to; p++)
            {
                var x = pulse.Gain * grain[(int)(p - Start - pulse.At)];
                left[(int)(p - position)] += _gainLeft * x;
                right[(int)(p - position)] += _gainRight * x;
            }
        }

        foreach (var hiss in _hisses)
        {
            var from = Math.Max(position, Start + hiss.At);
            var to = Math.Min(end, Start + hiss.At + hiss.Length);
            for (var p = from; p < to; p++)
            {
                // The difference of neighbours lifts the highs, as in an s.
                var within = (p - Start - hiss.At) / (float)hiss.Length;
                var x = ConsonantLevel * MathF.Sin(MathF.PI * within) * (White(p) - White(p - 1));
                left[(int)(p - position)] += _gainLeft * x;
                right[(int)(p - position)] += _gainRight * x;
            }
        }
    }

    private void Speak(float seconds, float pitch, ref Chance chance)
    {
        var vowel = chance.Between(0, Vowels.Count);
        for (var t = 0f; t < seconds;)
        {
            var length = chance.Between(0.12f, 0.26f);
            var stress = chance.Between(0.6f, 1f);
            if (chance.Next() < 0.4f)
            {
                var hiss = chance.Between(0.04f, 0.09f);
                _hisses.Add(new Hiss(Samples(t), Samples(hiss)));
                t += hiss * 0.8f;
            }

            // Pitch falls along the phrase and rises with stress.
            var syllablePitch = pitch * (1.12f - 0.25f * t / seconds) * (0.92f + 0.15f * stress);
            for (var u = 0f; u < length; u += 1 / (syllablePitch * (1 + 0.03f * MathF.Sin(35 * u))))
            {
                _pulses.Add(new Pulse(Samples(t + u), vowel, Level * stress * MathF.Pow(MathF.Sin(MathF.PI * u / length), 0.6f)));
            }

            vowel = (vowel + chance.Between(1, Vowels.Count)) % Vowels.Count;
            t += length + (chance.Next() < 0.15f ? chance.Between(0.15f, 0.3f) : 0.02f);
        }
    }

    private static int Samples(float seconds) => (int)(seconds * DemoSignal.SampleRate);

    private static float White(long position) => (int)(Chance.Mix((ulong)position) >> 32) * (1f / 2147483648f);

    private readonly record struct Pulse(int At, int Vowel, float Gain);

    private readonly record struct Hiss(int At, int Length);

    /// <summary>What a vowel's formants answer to one pulse, scaled to a peak of 1.</summary>
    internal sealed class Vowels
    {
        // First three formants in Hz, of an adult voice (after Peterson and Barney, 1952).
        private static readonly float[][] s_formants =
        [
            [730, 1090, 2440], [530, 1840, 2480], [270, 2290, 3010], [570, 840, 2410], [300, 870, 2240], [490, 1350, 1690],
        ];

        private static readonly float[] s_bandwidths = [80, 110, 160];
        private static readonly float[] s_gains = [1, 0.5f, 0.22f];
        private readonly float[][] _grains = [.. s_formants.Select(Ring)];

        public static int Count => s_formants.Length;

        public ReadOnlySpan<float> this[int vowel] => _grains[vowel];

        private static float[] Ring(float[] formants)
        {
            // After 30 ms the narrowest formant has fallen by 65 dB.
            var grain = new float[Samples(0.03f)];
            for (var i = 0; i < grain.Length; i++)
            {
                var t = i / (float)DemoSignal.SampleRate;
                for (var f = 0; f < formants.Length; f++)
                {
                    grain[i] += s_gains[f] * MathF.Exp(-MathF.PI * s_bandwidths[f] * t) * MathF.Sin(MathF.Tau * formants[f] * t);
                }
            }

            var peak = grain.Max(MathF.Abs);
            return [.. grain.Select(x => x / peak)];
        }
    }
}
