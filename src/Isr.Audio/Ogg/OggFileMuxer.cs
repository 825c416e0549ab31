using System.Buffers;

namespace Isr.Audio.Ogg;

/// <summary>
/// Writes Ogg files of one logical stream each: a serial number of its own, pages numbered from 0, headers on pages of
/// their own, granule positions from 0, a last page marked as such (RFC 3533). What a codec asks for beyond that is
/// in its own class.
/// </summary>
public abstract class OggFileMuxer : IFileMuxer
{
    // libogg's own measure: less than this wastes bytes on page headers, more makes seeking coarse.
    private const int FullPageBytes = 4096;

    private readonly OggPageWriter _pages = new();
    private int _gatheredBytes;

    public abstract string Extension { get; }

    public abstract AudioCodec Codec { get; }

    public int PendingSamples => _pages.PendingSamples;

    /// <inheritdoc/>
    public virtual int MaxHeaderBytes => 0;

    /// <summary>The serial number of the present file.</summary>
    protected uint Serial { get; private set; }

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        Serial = SerialOf(facts);
        _gatheredBytes = 0;
        BeginStream(facts, first, output);
    }

    public abstract void Write(in AudioFrame frame, IBufferWriter<byte> output);

    public virtual void Observe(in AudioFrame frame)
    {
    }

    public void Flush(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _pages.Flush(output);
        _gatheredBytes = 0;
    }

    public void Finish(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _pages.Finish(output);
    }

    /// <inheritdoc/>
    public virtual int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        return 0;
    }

    /// <summary>Writes the headers, and what the file repeats of the stream before it.</summary>
    private protected abstract void BeginStream(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output);

    private protected void WriteFirstHeader(ReadOnlySpan<byte> packet, IBufferWriter<byte> output) => _pages.Begin(Serial, packet, output);

    private protected void WriteHeader(ReadOnlySpan<byte> packet, bool isLast, IBufferWriter<byte> output) => _pages.AddHeader(packet, isLast, output);

    /// <summary>Adds a packet; pages that are full go out.</summary>
    private protected void WritePacket(ReadOnlySpan<byte> packet, int samples, long granule, IBufferWriter<byte> output)
    {
        if (_gatheredBytes >= FullPageBytes)
        {
            Flush(output);
        }

        _pages.Add(packet, samples, granule, output);
        _gatheredBytes += packet.Length;
    }

    /// <summary>Serial numbers must differ where files are joined (RFC 3533, section 4): source and start make them so.</summary>
    private static uint SerialOf(in FileFacts facts)
    {
        var hash = 2166136261u;
        foreach (var letter in facts.Source)
        {
            hash = (hash ^ letter) * 16777619;
        }

        var ticks = (ulong)facts.Start.UtcTicks * 0x9E3779B97F4A7C15;
        return hash ^ (uint)(ticks >> 32);
    }
}
