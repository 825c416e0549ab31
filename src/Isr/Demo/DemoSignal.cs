namespace Isr.Demo;

/// <summary>
/// What the demo plays: quiet noise, and over it now and then speech-like bursts, impacts and slow swells.
/// A pure function of seed and position, so that any part can be generated again.
/// </summary>
internal sealed class DemoSignal
{
    public const int SampleRate = 44_100;
    public const int Channels = 2;

    // Each kind of event has at most one event in each of its slots and never reaches into the next slot.
    private const int SpeechSlot = 14 * SampleRate;
    private const int ImpactSlot = 27 * SampleRate;
    private const int SwellSlot = 60 * SampleRate;

    // Samples mixed at a time: small enough for the stack.
    private const int BlockSamples = 512;

    private readonly ulong _seed;
    private readonly DemoNoise _noise;
    private readonly DemoSpeech.Vowels _vowels = new();
    private DemoSpeech _speech;
    private DemoImpact _impact;
    private DemoSwell _swell;

    public DemoSignal(int seed)
    {
        _seed = (ulong)seed;
        _noise = new DemoNoise(Chance.Mix(_seed));
        _speech = SpeechOf(0);
        _impact = ImpactOf(0);
        _swell = SwellOf(0);
    }

    /// <summary>
    /// Generates what sounds from <paramref name="position"/> on, in samples per channel from the start of the
    /// programme, as 16-bit samples, left and right in turn. It never reaches full scale.
    /// </summary>
    public void Read(long position, Span<short> interleaved)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);

        Span<float> left = stackalloc float[BlockSamples];
        Span<float> right = stackalloc float[BlockSamples];
        for (var samples = interleaved.Length / Channels; samples > 0;)
        {
            var count = Math.Min(samples, BlockSamples);
            Mix(position, left[..count], right[..count]);
            for (var i = 0; i < count; i++)
            {
                interleaved[2 * i] = (short)MathF.Round(left[i] * short.MaxValue);
                interleaved[2 * i + 1] = (short)MathF.Round(right[i] * short.MaxValue);
            }

            interleaved = interleaved[(Channels * count)..];
            position += count;
            samples -= count;
        }
    }

    /// <summary>What begins in the stretch of <paramref name="samples"/> from <paramref name="position"/> on, in words.</summary>
    public string Describe(long position, long samples)
    {
        var end = position + samples;
        var events = new List<(long Start, string Name)>();
        for (var slot = position / SpeechSlot; slot <= end / SpeechSlot; slot++)
        {
            events.Add((SpeechOf(slot).Start, "speech"));
        }

        for (var slot = position / ImpactSlot; slot <= end / ImpactSlot; slot++)
        {
            events.Add((ImpactOf(slot).Start, "an impact"));
        }

        for (var slot = position / SwellSlot; slot <= end / SwellSlot; slot++)
        {
            events.Add((SwellOf(slot).Start, "a swell"));
        }

        var names = events.Where(e => e.Start >= position && e.Start < end).OrderBy(e => e.Start).Select(e => e.Name).ToList();
        return names.Count == 0 ? "Quiet noise" : $"Quiet noise, then {string.Join(", then ", names)}";
    }

    private void Mix(long position, Span<float> left, Span<float> right)
    {
        _noise.Fill(position, left, right);

        // A block may touch two slots.
        for (var (slot, end) = (position / SpeechSlot, position + left.Length - 1); slot <= end / SpeechSlot; slot++)
        {
            _speech = _speech.Slot == slot ? _speech : SpeechOf(slot);
            _speech.Add(position, left, right);
        }

        for (var (slot, end) = (position / ImpactSlot, position + left.Length - 1); slot <= end / ImpactSlot; slot++)
        {
            _impact = _impact.Slot == slot ? _impact : ImpactOf(slot);
            _impact.Add(position, left, right);
        }

        for (var (slot, end) = (position / SwellSlot, position + left.Length - 1); slot <= end / SwellSlot; slot++)
        {
            _swell = _swell.Slot == slot ? _swell : SwellOf(slot);
            _swell.Add(position, left, right);
        }
    }

    private DemoSpeech SpeechOf(long slot)
    {
        var chance = new Chance(_seed, 1, slot);
        return new DemoSpeech(slot, slot * SpeechSlot + chance.Between(1 * SampleRate, 9 * SampleRate), _vowels, ref chance);
    }

    private DemoImpact ImpactOf(long slot)
    {
        var chance = new Chance(_seed, 2, slot);
        return new DemoImpact(slot, slot * ImpactSlot + chance.Between(6 * SampleRate, 23 * SampleRate), ref chance);
    }

    private DemoSwell SwellOf(long slot)
    {
        var chance = new Chance(_seed, 3, slot);
        return new DemoSwell(slot, slot * SwellSlot + chance.Between(10 * SampleRate, 39 * SampleRate), ref chance);
    }
}
