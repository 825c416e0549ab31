using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Codecs;

namespace Isr.Analysis.Growing;

/// <summary>Measures what is decoded of one piece after the other, and looks whether it is all, and no more.</summary>
/// <param name="codedRate">The sample rate by which pieces are counted; a decoder may give a multiple of it (HE-AAC).</param>
internal sealed class PieceSink(int codedRate) : IPcmSink, IFlacSink
{
    private PcmFormat _format;
    private long _overlap;
    private long? _expected;
    private long _heard;
    private long _toSkip;
    private bool _isOther;

    /// <summary>Of all pieces; null until something was decoded.</summary>
    public LevelWindows? Windows { get; private set; }

    /// <param name="overlap">Samples per channel, at the coded rate, that come first and are not new.</param>
    /// <param name="expected">Those that are to come behind; null when that is not known.</param>
    public void BeginPiece(long overlap, long? expected) => (_overlap, _expected, _heard, _toSkip, _isOther) = (overlap, expected, 0, 0, false);

    /// <summary>Whether what came is what was to come.</summary>
    public bool EndPiece() => Windows is not null && !_isOther && _toSkip == 0 && (_expected is not { } expected || _heard * codedRate == expected * _format.SampleRate);

    bool IFlacSink.Begin(long position, int samples, PcmFormat format, int bitsPerSample)
    {
        if (_heard == 0)
        {
            Begin(format);
        }

        _isOther |= format != _format || position != _heard;
        return !_isOther;
    }

    public void Begin(PcmFormat format)
    {
        if (Windows is null)
        {
            _format = format;
            Windows = new LevelWindows(format.SampleRate, format.Channels, format.Sample);
        }

        _isOther = format != _format;
        _toSkip = _overlap * format.SampleRate / codedRate;
    }

    public void Take(ReadOnlySpan<byte> samples)
    {
        if (_isOther)
        {
            return;
        }

        var momentBytes = _format.Channels * SampleConversion.BytesOf(_format.Sample);
        var skipped = (int)Math.Min(_toSkip, samples.Length / momentBytes);
        _toSkip -= skipped;
        samples = samples[(skipped * momentBytes)..];
        _heard += samples.Length / momentBytes;
        Windows!.Add(samples);
    }
}
