using System.Numerics;

namespace Isr.Audio.Spectrum;

/// <summary>
/// The discrete Fourier transform of complex numbers, in place, unscaled: X[k] = sum of x[n] e^(-2πikn/N). Radix 2, decimation in time; real and imaginary parts
/// lie apart, and so do each stage's factors, so that all but the first stages go by vectors.
/// </summary>
internal sealed class FourierTransform
{
    private readonly int[] _reversed;
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <param name="length">A power of two, 2 at least.</param>
    public FourierTransform(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(BitOperations.PopCount((uint)length), 1, nameof(length));
        Length = length;
        _reversed = new int[length];
        for (var i = 1; i < length; i++)
        {
            _reversed[i] = (_reversed[i / 2] / 2) + ((i % 2) * (length / 2));
        }

        // Those of the stage with so many numbers in half of it begin at that number.
        (_cosines, _sines) = (new float[length], new float[length]);
        for (var half = 1; half < length; half *= 2)
        {
            for (var i = 0; i < half; i++)
            {
                (_sines[half + i], _cosines[half + i]) = ((float)-Math.Sin(Math.PI * i / half), (float)Math.Cos(Math.PI * i / half));
            }
        }
    }

    public int Length { get; }

    /// <param name="real">As many as the length.</param>
    /// <param name="imaginary">As many.</param>
    public void Transform(Span<float> real, Span<float> imaginary)
    {
        for (var i = 0; i < Length; i++)
        {
            if (_reversed[i] is var j && j > i)
            {
                (real[i], real[j]) = (real[j], real[i]);
                (imaginary[i], imaginary[j]) = (imaginary[j], imaginary[i]);
            }
        }

        for (var half = 1; half < Length; half *= 2)
        {
            if (half < Vector<float>.Count)
            {
                NarrowStage(half, real, imaginary);
                continue;
            }

            var cosines = _cosines.AsSpan(half, half);
            var sines = _sines.AsSpan(half, half);
            for (var first = 0; first < Length; first += 2 * half)
            {
                Butterflies(cosines, sines, real.Slice(first, half), imaginary.Slice(first, half), real.Slice(first + half, half), imaginary.Slice(first + half, half));
            }
        }
    }

    /// <summary>A stage whose halves are shorter than a vector.</summary>
    private void NarrowStage(int half, Span<float> real, Span<float> imaginary)
    {
        for (var low = 0; low < Length; low += (low & (half - 1)) == half - 1 ? half + 1 : 1)
        {
            var (high, factor) = (low + half, half + (low & (half - 1)));
            var turned = (real[high] * _cosines[factor]) - (imaginary[high] * _sines[factor]);
            var turnedI = (real[high] * _sines[factor]) + (imaginary[high] * _cosines[factor]);
            (real[high], imaginary[high]) = (real[low] - turned, imaginary[low] - turnedI);
            (real[low], imaginary[low]) = (real[low] + turned, imaginary[low] + turnedI);
        }
    }

    /// <summary>As many as a multiple of a vector has: powers of two.</summary>
    private static void Butterflies(ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, Span<float> lowReal, Span<float> lowImaginary, Span<float> highReal, Span<float> highImaginary)
    {
        for (var i = 0; i < cosines.Length; i += Vector<float>.Count)
        {
            var (cosine, sine) = (new Vector<float>(cosines[i..]), new Vector<float>(sines[i..]));
            var (high, highI) = (new Vector<float>(highReal[i..]), new Vector<float>(highImaginary[i..]));
            var (low, lowI) = (new Vector<float>(lowReal[i..]), new Vector<float>(lowImaginary[i..]));
            var turned = (high * cosine) - (highI * sine);
            var turnedI = (high * sine) + (highI * cosine);
            (low + turned).CopyTo(lowReal[i..]);
            (lowI + turnedI).CopyTo(lowImaginary[i..]);
            (low - turned).CopyTo(highReal[i..]);
            (lowI - turnedI).CopyTo(highImaginary[i..]);
        }
    }
}
