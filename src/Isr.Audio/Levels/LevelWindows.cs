using Isr.Audio.Pcm;

namespace Isr.Audio.Levels;

/// <summary>
/// Gathers levels of PCM as it comes. A window's RMS is <c>sqrt(squares / n) / (channels * 2^(bits - 1))</c> in doubles, rounded
/// to five decimals, where <c>squares</c> is the sum over the window's <c>n</c> moments of the square of the sum of all channels:
/// an exact integer, so that neither the order of addition nor the split into calls matters. It is the RMS of the
/// channels' mean, scaled to [-1, 1). One writer; nothing is allocated but room for more windows.
/// </summary>
public sealed class LevelWindows
{
    /// <summary>Windows for which there is room at first: 26 s.</summary>
    private const int FirstCapacity = 256;

    private readonly int _sampleRate;
    private readonly int _bitsPerSample;
    private readonly int _momentBytes;
    private readonly double _fullScale;
    private readonly int _lowest;
    private readonly int _highest;
    private readonly LevelKernel _measure;
    private readonly LevelPlanes _planes;
    private readonly Extremes[] _extremes;
    private UInt128 _squares;
    private int _clipped;
    private int _filled;

    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">1 to 256.</param>
    /// <param name="format">How a sample is written.</param>
    public LevelWindows(int sampleRate, int channels, SampleFormat format)
    {
        var bitsPerSample = format switch { SampleFormat.S16 => 16, SampleFormat.S24Packed => 24, _ => 0 };
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, RecordingLevels.MaxChannels);
        if (bitsPerSample is not (16 or 24))
        {
            throw new ArgumentOutOfRangeException(nameof(format), format, "No kernel for this format.");
        }

        (_sampleRate, Channels, _bitsPerSample) = (sampleRate, channels, bitsPerSample);
        WindowSamples = RecordingLevels.WindowOf(sampleRate);
        _momentBytes = channels * bitsPerSample / 8;
        _highest = (1 << (bitsPerSample - 1)) - 1;
        _lowest = -1 - _highest;
        _fullScale = (double)channels * -(double)_lowest;
        _measure = LevelKernels.Choose(channels, bitsPerSample);
        _planes = new LevelPlanes(channels, FirstCapacity);
        _extremes = new Extremes[channels];
        _extremes.AsSpan().Fill(Extremes.None);
    }

    public int Channels { get; }

    /// <summary>Samples per channel of a whole window.</summary>
    public int WindowSamples { get; }

    /// <summary>Samples per channel so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Whole windows so far.</summary>
    public int Windows => _planes.Count;

    /// <summary>A whole window; the newest is the last.</summary>
    public LevelWindow this[int window] => _planes[window];

    /// <summary>Takes what follows: interleaved, little-endian, whole moments, as many as there are.</summary>
    public void Add(ReadOnlySpan<byte> samples)
    {
        if (samples.Length % _momentBytes != 0)
        {
            throw new ArgumentException($"{samples.Length} bytes are no whole number of moments of {_momentBytes} bytes.", nameof(samples));
        }

        while (!samples.IsEmpty)
        {
            var moments = Math.Min(samples.Length / _momentBytes, WindowSamples - _filled);
            var part = samples[..(moments * _momentBytes)];
            samples = samples[part.Length..];
            _squares += _measure(part, _extremes);
            if (IsAtFullScale())
            {
                _clipped += LevelKernels.CountClipped(part, _bitsPerSample);
            }

            _filled += moments;
            Samples += moments;
            if (_filled == WindowSamples)
            {
                Close(_planes);
                _extremes.AsSpan().Fill(Extremes.None);
                (_squares, _clipped, _filled) = (UInt128.Zero, 0, 0);
            }
        }
    }

    /// <summary>All so far, the begun window as the last; a copy, so that more may be added.</summary>
    public RecordingLevels ToLevels()
    {
        var planes = _planes.Copy();
        if (_filled > 0)
        {
            Close(planes);
        }

        return planes.ToLevels(_sampleRate, WindowSamples, Samples);
    }

    private bool IsAtFullScale()
    {
        foreach (var channel in _extremes)
        {
            if (channel.Minimum == _lowest || channel.Maximum == _highest)
            {
                return true;
            }
        }

        return false;
    }

    private void Close(LevelPlanes planes) =>
        planes.Add(LevelRounding.ToUnits(Math.Sqrt((double)_squares / _filled) / _fullScale), _extremes, _bitsPerSample, _clipped);
}
