using System.Buffers;
using Isr.Audio.Pcm;
using Isr.Codecs;

namespace Isr.Playback.Samples;

/// <summary>Samples of one step through a recording. It is used again for the next step.</summary>
internal sealed class PcmBuffer : IPcmSink, IDisposable
{
    private byte[] _bytes = [];
    private int _filled;

    /// <summary>What they are like; without channels while there are none.</summary>
    public PcmFormat Format { get; private set; }

    /// <summary>Interleaved.</summary>
    public ReadOnlyMemory<byte> Samples => _bytes.AsMemory(0, _filled);

    /// <summary>Per channel.</summary>
    public int Count => Format.Channels == 0 ? 0 : _filled / MomentBytes;

    public int MomentBytes => Format.Channels * SampleConversion.BytesOf(Format.Sample);

    public void Begin(PcmFormat format) => (Format, _filled) = (format, 0);

    public void Take(ReadOnlySpan<byte> samples)
    {
        samples.CopyTo(Room(samples.Length).Span);
        Commit(samples.Length);
    }

    /// <summary>Room behind what is there, to be filled and committed.</summary>
    public Memory<byte> Room(int bytes)
    {
        if (_bytes.Length - _filled < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_filled + bytes, Math.Min(2 * _filled, RecordingSamples.MostStepBytes)));
            _bytes.AsSpan(0, _filled).CopyTo(larger);
            Return();
            _bytes = larger;
        }

        return _bytes.AsMemory(_filled, bytes);
    }

    public void Commit(int bytes) => _filled += bytes;

    /// <summary>Nothing is in it any more.</summary>
    public void Clear() => (Format, _filled) = (default, 0);

    public void Dispose()
    {
        Clear();
        Return();
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
