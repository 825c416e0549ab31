namespace Isr.Audio.Levels;

/// <summary>Values of windows in arrays that double when they are full.</summary>
internal sealed class LevelPlanes(int channels, int capacity)
{
    private uint[] _rms = new uint[capacity];
    private short[] _minimum = new short[capacity];
    private short[] _maximum = new short[capacity];
    private ushort[] _peaks = new ushort[capacity * channels];
    private ushort[] _clipped = new ushort[capacity];

    public int Count { get; private set; }

    public LevelWindow this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new LevelWindow
            {
                Rms = _rms[index],
                Minimum = _minimum[index],
                Maximum = _maximum[index],
                Peaks = _peaks.AsSpan(index * channels, channels),
                Clipped = _clipped[index],
            };
        }
    }

    public void Add(uint rms, ReadOnlySpan<Extremes> extremes, int bitsPerSample, int clipped)
    {
        if (Count == _rms.Length)
        {
            Resize(Count * 2);
        }

        var (minimum, maximum) = (int.MaxValue, int.MinValue);
        var peaks = _peaks.AsSpan(Count * channels, channels);
        for (var i = 0; i < channels; i++)
        {
            minimum = Math.Min(minimum, extremes[i].Minimum);
            maximum = Math.Max(maximum, extremes[i].Maximum);
            peaks[i] = (ushort)LevelRounding.Up(Math.Max(-extremes[i].Minimum, extremes[i].Maximum), bitsPerSample);
        }

        _rms[Count] = rms;
        _minimum[Count] = (short)LevelRounding.Down(minimum, bitsPerSample);
        _maximum[Count] = (short)Math.Min(LevelRounding.Up(maximum, bitsPerSample), short.MaxValue);
        _clipped[Count] = (ushort)Math.Min(clipped, ushort.MaxValue);
        Count++;
    }

    /// <summary>The same values again, with room for one more.</summary>
    public LevelPlanes Copy()
    {
        var copy = new LevelPlanes(channels, 0) { _rms = _rms, _minimum = _minimum, _maximum = _maximum, _peaks = _peaks, _clipped = _clipped, Count = Count };
        copy.Resize(Count + 1);
        return copy;
    }

    /// <summary>These very arrays: nothing may be added any more.</summary>
    public RecordingLevels ToLevels(int sampleRate, int windowSamples, long samples) => new()
    {
        SampleRate = sampleRate,
        Channels = channels,
        WindowSamples = windowSamples,
        Samples = samples,
        Rms = _rms.AsMemory(0, Count),
        Minimum = _minimum.AsMemory(0, Count),
        Maximum = _maximum.AsMemory(0, Count),
        Peaks = [.. Enumerable.Range(0, channels).Select(PeaksOf)],
        Clipped = _clipped.AsMemory(0, Count),
    };

    private ReadOnlyMemory<ushort> PeaksOf(int channel)
    {
        var peaks = new ushort[Count];
        for (var i = 0; i < peaks.Length; i++)
        {
            peaks[i] = _peaks[(i * channels) + channel];
        }

        return peaks;
    }

    private void Resize(int capacity)
    {
        Array.Resize(ref _rms, capacity);
        Array.Resize(ref _minimum, capacity);
        Array.Resize(ref _maximum, capacity);
        Array.Resize(ref _peaks, capacity * channels);
        Array.Resize(ref _clipped, capacity);
    }
}
