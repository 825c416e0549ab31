using Isr.Audio.Pcm;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>Passes on of decoded samples those that are wanted.</summary>
internal sealed class SampleStretch(SampleRequest request, IPcmSink sink) : IPcmSink
{
    private int _momentBytes;
    private long _skipped;
    private long _left;

    /// <summary>All were passed on.</summary>
    public bool IsFull => _momentBytes > 0 && _left == 0;

    /// <summary>Whether any came.</summary>
    public bool HasSamples { get; private set; }

    /// <summary>Moments that may still come before it is full.</summary>
    public long Wanted => _skipped + _left;

    /// <summary>The decoder's rate is no multiple of that by which they are counted.</summary>
    public bool IsOdd { get; private set; }

    public void Begin(PcmFormat format)
    {
        _momentBytes = format.Channels * SampleConversion.BytesOf(format.Sample);
        var scale = format.SampleRate / request.SampleRate;
        IsOdd = scale == 0 || format.SampleRate % request.SampleRate != 0;
        if (!IsOdd)
        {
            (_skipped, _left) = (request.First * scale, request.Count * scale);
            sink.Begin(format);
        }
    }

    public void Take(ReadOnlySpan<byte> samples)
    {
        var moments = samples.Length / _momentBytes;
        var skipped = (int)Math.Min(moments, _skipped);
        var taken = (int)Math.Min(moments - skipped, _left);
        _skipped -= skipped;
        _left -= taken;
        if (taken > 0)
        {
            HasSamples = true;
            sink.Take(samples.Slice(skipped * _momentBytes, taken * _momentBytes));
        }
    }
}
