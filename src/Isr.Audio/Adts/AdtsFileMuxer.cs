using System.Buffers;

namespace Isr.Audio.Adts;

/// <summary>
/// Writes ADTS files: the frames and nothing else, since the format has no place for a duration or a number of samples
/// to drop, and a tag in front of it stops some players.
/// </summary>
public sealed class AdtsFileMuxer : IFileMuxer
{
    public string Extension => ".aac";

    public AudioCodec Codec => AudioCodec.Aac;

    public int MaxHeaderBytes => 0;

    public int PendingSamples => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(frame.Data);
    }

    public void Flush(IBufferWriter<byte> output)
    {
    }

    public void Finish(IBufferWriter<byte> output)
    {
    }

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        return 0;
    }
}
