using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>
/// Blocks of FLAC as a stretch of samples. Where their numbers leave a hole, silence stands for it, so that what follows is in its place; where
/// they go back, they follow on one another all the same.
/// </summary>
internal sealed class FlacStretch(SampleStretch stretch) : IFlacSink
{
    private static readonly byte[] s_silence = new byte[16 * 1024];

    private PcmFormat _format;
    private long? _expected;

    public bool Begin(long position, int samples, PcmFormat format, int bitsPerSample)
    {
        if (_expected is null)
        {
            _format = format;
            stretch.Begin(format);
        }
        else if (format != _format)
        {
            return false;
        }
        else if (position > _expected)
        {
            FillUp(position - _expected.Value);
        }

        _expected = position + samples;
        return !stretch.IsOdd && !stretch.IsFull;
    }

    public void Take(ReadOnlySpan<byte> samples) => stretch.Take(samples);

    private void FillUp(long moments)
    {
        var momentBytes = _format.Channels * Audio.Pcm.SampleConversion.BytesOf(_format.Sample);
        for (var left = Math.Min(moments, stretch.Wanted) * momentBytes; left > 0;)
        {
            var part = (int)Math.Min(left, s_silence.Length / momentBytes * momentBytes);
            stretch.Take(s_silence.AsSpan(0, part));
            left -= part;
        }
    }
}
