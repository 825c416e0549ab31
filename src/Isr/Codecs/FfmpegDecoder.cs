using Isr.Audio.Pcm;

namespace Isr.Codecs;

/// <summary>What decoded samples are like; they come interleaved.</summary>
internal readonly record struct PcmFormat(int SampleRate, int Channels, SampleFormat Sample);

/// <summary>Takes decoded samples, in order, from one thread.</summary>
internal interface IPcmSink
{
    /// <summary>Called once, before any samples.</summary>
    void Begin(PcmFormat format);

    /// <summary>Whole moments, as many as there are.</summary>
    void Take(ReadOnlySpan<byte> samples);
}

/// <summary>One ffmpeg process that decodes what is fed to it through a pipe; it sees no file and no network.</summary>
internal static class FfmpegDecoder
{
    /// <summary>Decodes all that <paramref name="feed"/> writes. Null when it went well, else ffmpeg's own words.</summary>
    /// <param name="demuxer">ffmpeg's name of the container: mp3, aac, ogg, wav.</param>
    /// <param name="feed">Writes the coded bytes; when it returns, they end.</param>
    /// <param name="sink">Takes the samples, as single precision.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static Task<string?> DecodeAsync(string demuxer, Func<Stream, CancellationToken, Task> feed, IPcmSink sink, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
