using System.Buffers;
using Isr.Audio;
using Isr.Audio.Mp4;
using Isr.Codecs;

namespace Isr.Playback.Live;

/// <summary>Puts a soundcard's samples into MP4, as FLAC.</summary>
internal sealed class FlacInMp4Muxer : IFileMuxer, IDisposable
{
    /// <summary>Fewer than a block: of what is encoded at once, no more than one is put out.</summary>
    private const int MostSamples = 128;

    private readonly AudioFormat _coded;
    private readonly FlacEncodingMuxer _encoder;
    private readonly FragmentedMp4Muxer _mp4;
    private readonly ArrayBufferWriter<byte> _frame = new();
    private readonly int _sampleBytes;
    private int _given;

    public FlacInMp4Muxer(AudioFormat format)
    {
        _coded = format with { Codec = AudioCodec.Flac };
        _encoder = new FlacEncodingMuxer(format);
        _mp4 = new FragmentedMp4Muxer(_coded);
        _sampleBytes = format.Channels * format.BitsPerSample / 8;
    }

    public string Extension => _mp4.Extension;

    public AudioCodec Codec => AudioCodec.Flac;

    public int PendingSamples => _encoder.PendingSamples + _mp4.PendingSamples;

    public int MaxHeaderBytes => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        // A file's head, which MP4 has in its own.
        _encoder.Begin(facts, first, _frame);
        _frame.ResetWrittenCount();
        _given = 0;
        _mp4.Begin(facts, first, output);
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        for (var data = frame.Data; !data.IsEmpty;)
        {
            var count = Math.Min(MostSamples, data.Length / _sampleBytes);
            _encoder.Write(new AudioFrame(data[..(count * _sampleBytes)], count, frame.Format), _frame);
            _given += count;
            data = data[(count * _sampleBytes)..];
            if (_frame.WrittenCount > 0)
            {
                // The encoder keeps what does not fill a block yet.
                var samples = _given - _encoder.PendingSamples;
                _mp4.Write(new AudioFrame(_frame.WrittenSpan, samples, _coded), output);
                _given -= samples;
                _frame.ResetWrittenCount();
            }
        }
    }

    public void Flush(IBufferWriter<byte> output) => _mp4.Flush(output);

    public void Finish(IBufferWriter<byte> output) => _mp4.Finish(output);

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset) => _mp4.GetHeader(destination, out offset);

    public void Dispose() => _encoder.Dispose();
}
