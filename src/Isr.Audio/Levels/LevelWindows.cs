using Isr.Audio.Pcm;

namespace Isr.Audio.Levels;

/// <summary>
/// Gathers levels of PCM as it comes. A window's RMS is <c>sqrt(squares / n) / (channels * full scale)</c> in doubles, rounded
/// to five decimals, where <c>squares</c> is the sum over the window's <c>n</c> moments of the square of the sum of all channels.
/// It is the RMS of the channels' mean, scaled to [-1, 1). Of integers the sum is exact; of floating point it is made of
/// doubles in an order that depends on the place in the window alone: so the split into calls never matters.
/// Floating point may exceed full scale: so does its RMS. What is not finite (NaN, infinities) counts as 0.
/// One writer; nothing is allocated but room for more windows.
/// </summary>
public sealed class LevelWindows
{
    /// <summary>Windows for which there is room at first: 26 s.</summary>
    private const int FirstCapacity = 256;

    private readonly int _sampleRate;
    private readonly SampleFormat _format;
    private readonly int _momentBytes;
    private readonly long _first;
    private readonly LevelPlanes _planes;
    private readonly Extremes[] _extremes;
    private WindowSums _open;

    /// <summary>What this part holds of the window that it begins within, once that is complete.</summary>
    private WindowSums? _head;
    private bool _isInHead;
    private int _filled;

    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">1 to 256.</param>
    /// <param name="format">How a sample is written.</param>
    /// <param name="firstSample">The position in the file at which this part of it begins, in samples per channel.</param>
    public LevelWindows(int sampleRate, int channels, SampleFormat format, long firstSample = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, RecordingLevels.MaxChannels);
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);

        (_sampleRate, Channels, _format, _first) = (sampleRate, channels, format, firstSample);
        WindowSamples = RecordingLevels.WindowOf(sampleRate);
        _momentBytes = channels * SampleConversion.BytesOf(format);
        _planes = new LevelPlanes(channels, FirstCapacity);
        _extremes = new Extremes[channels];
        _open = NewSums();
        _filled = (int)(firstSample % WindowSamples);
        _isInHead = _filled > 0;
    }

    public int Channels { get; }

    /// <summary>Samples per channel of a whole window.</summary>
    public int WindowSamples { get; }

    /// <summary>Samples per channel of this part so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Whole windows so far; one that this part begins within is not among them.</summary>
    public int Windows => _planes.Count;

    private bool IsReal => _format is SampleFormat.Real or SampleFormat.Real64;

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
            var moments = Math.Min(Math.Min(samples.Length / _momentBytes, WindowSamples - _filled), LevelKernels.MaxMoments);
            var part = samples[..(moments * _momentBytes)];
            samples = samples[part.Length..];
            _open.Add(part, _filled);
            _filled += moments;
            Samples += moments;
            CloseIfFull();
        }
    }

    /// <summary>
    /// Joins the part of the file that follows, as if its samples had been added here. It begins where this one ends; of
    /// floating point, at the beginning of a window. It is left as it is.
    /// </summary>
    /// <exception cref="ArgumentException">It is of another kind, or begins elsewhere.</exception>
    public void Append(LevelWindows next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if ((next._sampleRate, next.Channels, next._format) != (_sampleRate, Channels, _format) || next._first != _first + Samples || next == this)
        {
            throw new ArgumentException($"A part that begins at sample {next._first} does not follow one that ends at {_first + Samples}, or is of another kind.", nameof(next));
        }

        var isSeamWithin = next._first % WindowSamples != 0;
        if (isSeamWithin && IsReal)
        {
            throw new ArgumentException($"Sample {next._first} is within a window: there parts of floating point cannot be joined exactly.", nameof(next));
        }

        if (isSeamWithin)
        {
            _open.Append(next._head ?? next._open);
            _filled = next._isInHead ? next._filled : WindowSamples;
            CloseIfFull();
        }

        if (!next._isInHead)
        {
            _planes.Append(next._planes);
            _open.Append(next._open);
            _filled = next._filled;
        }

        Samples += next.Samples;
    }

    /// <summary>All so far, the begun window as the last; a copy, so that more may be added.</summary>
    /// <exception cref="InvalidOperationException">This part begins within a window, of which it does not know all.</exception>
    public RecordingLevels ToLevels()
    {
        if (_first % WindowSamples != 0)
        {
            throw new InvalidOperationException($"A part that begins within a window, at sample {_first}, must be appended to the one before.");
        }

        if (_filled == 0)
        {
            return _planes.ToLevels(_sampleRate, WindowSamples, Samples);
        }

        Close();
        var levels = _planes.ToLevels(_sampleRate, WindowSamples, Samples);
        _planes.RemoveLast();
        return levels;
    }

    private WindowSums NewSums() => IsReal ? new RealSums(_format, Channels) : new CodeSums(_format, Channels);

    private void CloseIfFull()
    {
        if (_filled < WindowSamples)
        {
            return;
        }

        if (_isInHead)
        {
            (_head, _open, _isInHead) = (_open, NewSums(), false);
        }
        else
        {
            Close();
            _open.Clear();
        }

        _filled = 0;
    }

    private void Close()
    {
        _open.GetExtremes(_extremes);
        _planes.Add(LevelRounding.ToUnits(_open.Rms(_filled)), _extremes, _open.Clipped);
    }
}
