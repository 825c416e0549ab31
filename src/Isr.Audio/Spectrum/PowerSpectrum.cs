namespace Isr.Audio.Spectrum;

/// <summary>
/// The power of sound at each frequency, by a Hann window. Two channels go through one transform, one as real and one as imaginary part: the sum of their powers is
/// that of both halves of the result, so they need not be taken apart.
/// </summary>
internal sealed class PowerSpectrum
{
    private readonly FourierTransform _transform;
    private readonly float[] _window;
    private readonly float[] _real;
    private readonly float[] _imaginary;

    /// <param name="length">Samples of a transform: a power of two.</param>
    public PowerSpectrum(int length)
    {
        _transform = new FourierTransform(length);
        (_window, _real, _imaginary) = (new float[length], new float[length], new float[length]);
        for (var i = 0; i < length; i++)
        {
            // A sine at full scale in the middle of a row comes to 1: the window halves it, and half of it is at the negative frequency.
            _window[i] = (float)((1 - Math.Cos(2 * Math.PI * i / length)) * 2 / length);
        }
    }

    public int Length => _window.Length;

    /// <summary>Adds the power of one or two channels.</summary>
    /// <param name="first">As many samples as the length; full scale is 1.</param>
    /// <param name="second">As many, or none.</param>
    /// <param name="powers">From 0 Hz to half the sample rate: <see cref="Length"/> / 2 + 1 of them.</param>
    public void Add(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> powers)
    {
        Weigh(first, _real);
        if (second.IsEmpty)
        {
            _imaginary.AsSpan().Clear();
        }
        else
        {
            Weigh(second, _imaginary);
        }

        _transform.Transform(_real, _imaginary);

        // These have no negative frequency beside them.
        powers[0] += Square(0) / 4;
        for (var k = 1; k < Length / 2; k++)
        {
            powers[k] += (Square(k) + Square(Length - k)) / 2;
        }

        powers[Length / 2] += Square(Length / 2) / 4;
    }

    private float Square(int k) => (_real[k] * _real[k]) + (_imaginary[k] * _imaginary[k]);

    private void Weigh(ReadOnlySpan<float> samples, Span<float> weighed)
    {
        for (var i = 0; i < _window.Length; i++)
        {
            weighed[i] = samples[i] * _window[i];
        }
    }
}
