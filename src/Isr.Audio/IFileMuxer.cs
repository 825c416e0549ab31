using System.Buffers;

namespace Isr.Audio;

/// <summary>
/// Turns the frames of one connection into the bytes of files that each play alone. It lives as long as the
/// connection's <see cref="AudioFormat"/> does and remembers what a new file must repeat of the old one,
/// so that the files, decoded and joined, are the stream.
/// </summary>
public interface IFileMuxer
{
    /// <summary>File name extension with its dot.</summary>
    string Extension { get; }

    /// <summary>How the audio in the file is coded; an encoder makes another of it than its frames are.</summary>
    AudioCodec Codec { get; }

    /// <summary>
    /// Begins a file: tags, header, repeated frames. <paramref name="first"/> is the frame that will be
    /// written next, and has samples; it is not written here.
    /// </summary>
    void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output);

    /// <summary>Adds a frame to the file and remembers it.</summary>
    void Write(in AudioFrame frame, IBufferWriter<byte> output);

    /// <summary>
    /// Puts out what was gathered, as far as the format allows before more is known: the file then plays to its end.
    /// </summary>
    void Flush(IBufferWriter<byte> output);

    /// <summary>Puts out all that is left, and what marks the end of a file.</summary>
    void Finish(IBufferWriter<byte> output);

    /// <summary>Samples of the frames written that were not put out yet.</summary>
    int PendingSamples { get; }

    /// <summary>Remembers a frame that is part of the stream but of no file.</summary>
    void Observe(in AudioFrame frame);

    /// <summary>
    /// The header that is true for all that was put out since <see cref="Begin"/>, to be put over the old one
    /// at <paramref name="offset"/> bytes from the start of the file. Returns its length; 0 when the format has none.
    /// <paramref name="destination"/> must hold <see cref="MaxHeaderBytes"/>.
    /// </summary>
    int GetHeader(Span<byte> destination, out long offset);

    /// <summary>The longest header that <see cref="GetHeader"/> gives.</summary>
    int MaxHeaderBytes { get; }
}

/// <summary>What a file says about itself in its tags.</summary>
/// <param name="Source">Name of the source.</param>
/// <param name="Start">When its first sample sounded, in the recorder's zone.</param>
public readonly record struct FileFacts(string Source, DateTimeOffset Start)
{
    // A name longer than this says nothing more.
    internal const int MaxSourceChars = 200;

    internal string ShortSource => Source.Length > MaxSourceChars ? Source[..MaxSourceChars] : Source;

    /// <summary>
    /// Samples from midnight UTC of the day of <see cref="Start"/> to the first one, to the nearest; those of the whole
    /// day where that is the next midnight, so that day and count together stay true.
    /// </summary>
    public long TimeReference(int sampleRate) =>
        ((Start.UtcDateTime.TimeOfDay.Ticks * sampleRate) + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond;
}
