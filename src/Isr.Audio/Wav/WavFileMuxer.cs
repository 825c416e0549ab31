using System.Buffers;
using System.Diagnostics;

namespace Isr.Audio.Wav;

/// <summary>
/// Writes PCM as it is into WAV files that say when they began (bext). The header's sizes are those of the file as far as
/// it is put out; from 4 GiB on the file is RF64.
/// </summary>
/// <param name="format">PCM of 16 or 24 bits, 1 to 32 channels, 8,000 to 384,000 samples a second.</param>
public sealed class WavFileMuxer(AudioFormat format) : IFileMuxer
{
    private readonly int _blockAlign = format is { Codec: AudioCodec.Pcm, BitsPerSample: 16 or 24, Channels: >= 1 and <= 32, SampleRate: >= 8000 and <= 384_000 }
        ? format.Channels * format.BitsPerSample / 8
        : throw new ArgumentException($"{format} is no PCM that goes into a WAV file.", nameof(format));

    /// <summary>Samples per channel that the header tells of from the start: for outputs in which nobody can go back.</summary>
    public long? Announced { get; init; }

    private byte[] _head = [];
    private long _dataBytes;
    private bool _isPadded;

    public string Extension => ".wav";

    public AudioCodec Codec => AudioCodec.Pcm;

    public int MaxHeaderBytes => WavHead.MaxBytes;

    public int PendingSamples => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        _head = WavHead.Make(format, facts);
        (_dataBytes, _isPadded) = (0, false);
        output.Advance(GetHeader(output.GetSpan(_head.Length), out _));
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        Debug.Assert(frame.Data.Length == (long)frame.Samples * _blockAlign, "a frame holds whole samples");
        output.Write(frame.Data);
        _dataBytes += frame.Data.Length;
    }

    public void Flush(IBufferWriter<byte> output)
    {
    }

    public void Finish(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        // Chunks are padded to an even length, which their own size does not count.
        if ((_dataBytes & 1) != 0 && !_isPadded)
        {
            output.Write<byte>([0]);
            _isPadded = true;
        }
    }

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        var bytes = Announced * _blockAlign ?? _dataBytes;
        WavHead.WriteSizes(_head, WavHead.IsExtensible(format), bytes, bytes / _blockAlign, Announced is null ? _isPadded : (bytes & 1) != 0);
        _head.CopyTo(destination);
        return _head.Length;
    }
}
