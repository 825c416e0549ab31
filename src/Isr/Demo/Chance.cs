namespace Isr.Demo;

/// <summary>Reproducible chance: SplitMix64 (Steele, Lea, Flood 2014), the same on every runtime, unlike <see cref="Random"/>.</summary>
internal struct Chance(ulong seed, ulong kind, long slot)
{
    private ulong _state = Mix(seed ^ Mix(kind << 56 ^ (ulong)slot));

    /// <summary>Spreads the bits of a number over the whole word.</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }

    /// <summary>A number in [0, 1).</summary>
    public float Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return (Mix(_state) >> 40) * (1f / (1 << 24));
    }

    public float Between(float low, float high) => low + Next() * (high - low);

    public int Between(int low, int high) => low + (int)(Next() * (high - low));
}
