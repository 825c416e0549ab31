using Isr.Audio.Adts;
using Isr.Audio.Flac;
using Isr.Audio.Mpeg;
using Isr.Audio.Ogg;
using Isr.Audio.Opus;
using Isr.Audio.Sniffing;
using Isr.Audio.Vorbis;
using Isr.Audio.Wav;

namespace Isr.Audio;

/// <summary>The formats that can be recorded. A new one is entered here; the host knows none by name.</summary>
public static class StreamFormats
{
    /// <summary>Whether streams of this kind are audio that can be recorded.</summary>
    public static bool HasReader(StreamKind kind) =>
        kind is StreamKind.MpegAudio or StreamKind.Adts or StreamKind.Ogg or StreamKind.Flac;

    /// <summary>A reader for one connection, which reads all codecs of the kind: the layers of MPEG audio, what is in Ogg.</summary>
    public static IFrameReader CreateReader(StreamKind kind) => kind switch
    {
        StreamKind.MpegAudio => new MpegFrameReader(),
        StreamKind.Adts => new AdtsFrameReader(),
        StreamKind.Ogg => new OggFrameReader(),
        StreamKind.Flac => new FlacFrameReader(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No reader for this kind of stream."),
    };

    /// <summary>A muxer for frames of one format, which keeps them as they are.</summary>
    public static IFileMuxer CreateMuxer(AudioFormat format) => format.Codec switch
    {
        AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3 => new MpegFileMuxer(format),
        AudioCodec.Aac => new AdtsFileMuxer(),
        AudioCodec.Vorbis => new VorbisFileMuxer(format),
        AudioCodec.OggFlac => new OggFlacFileMuxer(format),
        AudioCodec.Opus => new OpusFileMuxer(format),
        AudioCodec.Flac => new FlacFileMuxer(format),
        AudioCodec.Pcm => new WavFileMuxer(format),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No muxer for this codec."),
    };
}
