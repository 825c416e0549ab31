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

    /// <param name="rms">In units of <see cref="RecordingLevels.RmsUnit"/>.</param>
    /// <param name="extremes">Of each channel, in 1/32768 of full scale; what does not fit becomes the nearest that does.</param>
    /// <param name="clipped">Samples at full scale.</param>
    public void Add(uint rms, ReadOnlySpan<Extremes> extremes, long clipped)
    {
        MakeRoom(1);
        var (minimum, maximum) = (int.MaxValue, int.MinValue);
        var peaks = _peaks.AsSpan(Count * channels, channels);
        for (var i = 0; i < channels; i++)
        {
            minimum = Math.Min(minimum, extremes[i].Minimum);
            maximum = Math.Max(maximum, extremes[i].Maximum);
            peaks[i] = (ushort)Math.Min(Math.Max(-extremes[i].Minimum, extremes[i].Maximum), ushort.MaxValue);
        }

        _rms[Count] = rms;
        _minimum[Count] = (short)Math.Clamp(minimum, short.MinValue, short.MaxValue);
        _maximum[Count] = (short)Math.Clamp(maximum, short.MinValue, short.MaxValue);
        _clipped[Count] = (ushort)Math.Min(clipped, ushort.MaxValue);
        Count++;
    }

    /// <summary>Takes the windows that follow.</summary>
    public void Append(LevelPlanes next)
    {
        MakeRoom(next.Count);
        next._rms.AsSpan(0, next.Count).CopyTo(_rms.AsSpan(Count));
        next._minimum.AsSpan(0, next.Count).CopyTo(_minimum.AsSpan(Count));
        next._maximum.AsSpan(0, next.Count).CopyTo(_maximum.AsSpan(Count));
        next._peaks.AsSpan(0, next.Count * channels).CopyTo(_peaks.AsSpan(Count * channels));
        next._clipped.AsSpan(0, next.Count).CopyTo(_clipped.AsSpan(Count));
        Count += next.Count;
    }

    public void RemoveLast() => Count--;

    /// <summary>A copy.</summary>
    public RecordingLevels ToLevels(int sampleRate, int windowSamples, long samples) => new()
    {
        SampleRate = sampleRate,
        Channels = channels,
        WindowSamples = windowSamples,
        Samples = samples,
        Rms = _rms.AsSpan(0, Count).ToArray(),
        Minimum = _minimum.AsSpan(0, Count).ToArray(),
        Maximum = _maximum.AsSpan(0, Count).ToArray(),
        Peaks = [.. Enumerable.Range(0, channels).Select(PeaksOf)],
        Clipped = _clipped.AsSpan(0, Count).ToArray(),
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

    private void MakeRoom(int windows)
    {
        if (Count + windows <= _rms.Length)
        {
            return;
        }

        var room = Math.Max(Count + windows, _rms.Length * 2);
        Array.Resize(ref _rms, room);
        Array.Resize(ref _minimum, room);
        Array.Resize(ref _maximum, room);
        Array.Resize(ref _peaks, checked(room * channels));
        Array.Resize(ref _clipped, room);
    }
}
