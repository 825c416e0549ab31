using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Isr.Audio;
using Isr.Audio.Flac;

namespace Isr.Codecs;

/// <summary>
/// Writes PCM into FLAC files, each by an encoder of its own. The header's counts are those of the frames that the encoder
/// has put out, which are up to a block and a sample behind what it was given; the MD5 comes at the end.
/// </summary>
/// <param name="format">PCM of 16 or 24 bits, 1 to 8 channels.</param>
internal sealed class FlacEncodingMuxer(AudioFormat format) : IFileMuxer, IDisposable
{
    private readonly FlacFileHead _head = new(format);
    private readonly int _blockSize = FlacEncoder.BlockSizeFor(format.SampleRate);
    private readonly int[] _samples = format is { Codec: AudioCodec.Pcm, BitsPerSample: 16 or 24, Channels: >= 1 and <= 8 }
        ? new int[FlacEncoder.BlockSizeFor(format.SampleRate) * format.Channels]
        : throw new ArgumentException($"{format} is no PCM that goes into a FLAC file.", nameof(format));

    private FlacEncoder? _encoder;
    private long _given;

    /// <inheritdoc cref="FlacFileHead.Announced"/>
    public long? Announced
    {
        get => _head.Announced;
        init => _head.Announced = value;
    }

    public string Extension => ".flac";

    public AudioCodec Codec => AudioCodec.Flac;

    public int MaxHeaderBytes => FlacFileHead.GrowingBytes;

    public int PendingSamples => (int)(_given - _head.Samples);

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        _encoder?.Dispose();
        _encoder = new FlacEncoder(format, _head);
        _given = 0;
        _head.Begin(facts, _blockSize, isExact: true, output);
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        var encoder = _encoder ?? throw new InvalidOperationException("No file was begun.");
        var width = format.BitsPerSample / 8;
        var data = frame.Data;
        Debug.Assert(data.Length == (long)frame.Samples * format.Channels * width, "a frame holds whole samples");
        while (!data.IsEmpty)
        {
            var count = Math.Min(_blockSize, data.Length / (format.Channels * width));
            var samples = _samples.AsSpan(0, count * format.Channels);
            Widen(data, width, samples);
            encoder.Encode(samples, count, output);
            _given += count;
            data = data[(samples.Length * width)..];
        }
    }

    /// <summary>Nothing can be put out before a block is full: a shorter one ends a file.</summary>
    public void Flush(IBufferWriter<byte> output)
    {
    }

    public void Finish(IBufferWriter<byte> output)
    {
        _encoder?.Finish(output);
        _encoder?.Dispose();
        _encoder = null;
    }

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        return _head.Write(destination);
    }

    public void Dispose() => _encoder?.Dispose();

    private static void Widen(ReadOnlySpan<byte> data, int width, Span<int> samples)
    {
        if (width == sizeof(short))
        {
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(i * sizeof(short))..]);
            }

            return;
        }

        // The sign comes down from the highest byte.
        for (int i = 0, at = 0; i < samples.Length; i++, at += 3)
        {
            samples[i] = data[at] | (data[at + 1] << 8) | ((sbyte)data[at + 2] << 16);
        }
    }
}
