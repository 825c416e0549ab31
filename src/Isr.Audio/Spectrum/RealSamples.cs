using Isr.Audio.Levels;
using Isr.Audio.Pcm;

namespace Isr.Audio.Spectrum;

/// <summary>Samples of any format as floating point, channel by channel.</summary>
internal static class RealSamples
{
    /// <summary>What floating point goes beyond it is cut off, so that no power is without bounds.</summary>
    private const float Most = 2;

    /// <param name="format">How a sample is written.</param>
    /// <param name="bytes">Whole moments, interleaved.</param>
    /// <param name="channels">How many a moment has.</param>
    /// <param name="channel">Which is read.</param>
    /// <param name="into">One for each moment; full scale is 1. What is no number becomes 0.</param>
    public static void Read(SampleFormat format, ReadOnlySpan<byte> bytes, int channels, int channel, Span<float> into)
    {
        switch (format)
        {
            case SampleFormat.U8:
                ReadCodes<CodeU8>(bytes, channels, channel, into);
                break;
            case SampleFormat.S16:
                ReadCodes<CodeS16>(bytes, channels, channel, into);
                break;
            case SampleFormat.S24Packed:
                ReadCodes<CodeS24Packed>(bytes, channels, channel, into);
                break;
            case SampleFormat.S24:
                ReadCodes<CodeS24>(bytes, channels, channel, into);
                break;
            case SampleFormat.S32:
                ReadCodes<CodeS32>(bytes, channels, channel, into);
                break;
            case SampleFormat.Real:
                ReadReals<Real32>(bytes, channels, channel, into);
                break;
            default:
                ReadReals<Real64>(bytes, channels, channel, into);
                break;
        }
    }

    private static void ReadCodes<T>(ReadOnlySpan<byte> bytes, int channels, int channel, Span<float> into)
        where T : ICode
    {
        var scale = (float)Math.ScaleB(1, 1 - T.Bits);
        for (var (i, at) = (0, channel * T.Bytes); i < into.Length; i++, at += channels * T.Bytes)
        {
            into[i] = T.Read(bytes[at..]) * scale;
        }
    }

    private static void ReadReals<T>(ReadOnlySpan<byte> bytes, int channels, int channel, Span<float> into)
        where T : IReal
    {
        for (var (i, at) = (0, channel * T.Bytes); i < into.Length; i++, at += channels * T.Bytes)
        {
            var sample = T.Read(bytes[at..]);
            into[i] = double.IsNaN(sample) ? 0 : (float)Math.Clamp(sample, -Most, Most);
        }
    }
}
