using Isr.Audio.Adts;
using Isr.Audio.Mpeg;

namespace Isr.Audio;

/// <summary>The formats that can be recorded. A new one is entered here; the host knows none by name.</summary>
public static class StreamFormats
{
    /// <summary>A reader for one connection; one of a family reads all of it, as the layers of MPEG audio.</summary>
    public static IFrameReader CreateReader(AudioCodec family) => family switch
    {
        AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3 => new MpegFrameReader(),
        AudioCodec.Aac => new AdtsFrameReader(),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "No reader for this codec."),
    };

    /// <summary>A muxer for frames of one format.</summary>
    public static IFileMuxer CreateMuxer(AudioFormat format) => format.Codec switch
    {
        AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3 => new MpegFileMuxer(format),
        AudioCodec.Aac => new AdtsFileMuxer(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No muxer for this codec."),
    };
}
