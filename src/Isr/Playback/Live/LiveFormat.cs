using Isr.Audio;
using Isr.Audio.Mp4;

namespace Isr.Playback.Live;

/// <summary>In what a source is sent as it comes.</summary>
internal enum LiveFormat
{
    /// <summary>Frames of MPEG audio, one after the other.</summary>
    Mpeg,

    /// <summary>AAC in ADTS.</summary>
    Adts,

    /// <summary>Ogg, one stream after the other.</summary>
    Ogg,
    Flac,
    Wav,

    /// <summary>Fragments, as a page feeds them to a browser bit by bit; a soundcard's samples become FLAC.</summary>
    Mp4,
}

internal static class LiveFormats
{
    /// <summary>The format for frames of a codec; what is asked for counts where it can be chosen, which is for samples, and MP4.</summary>
    public static LiveFormat Of(AudioCodec codec, LiveFormat forSamples) => codec switch
    {
        _ when forSamples == LiveFormat.Mp4 => LiveFormat.Mp4,
        AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3 => LiveFormat.Mpeg,
        AudioCodec.Aac => LiveFormat.Adts,
        AudioCodec.Flac => LiveFormat.Flac,
        AudioCodec.Pcm => forSamples,
        _ => LiveFormat.Ogg,
    };

    public static string ContentType(this LiveFormat format, AudioCodec codec) => format switch
    {
        LiveFormat.Mpeg => "audio/mpeg",
        LiveFormat.Adts => "audio/aac",
        LiveFormat.Flac => "audio/flac",
        LiveFormat.Wav => "audio/wav",
        LiveFormat.Mp4 => $"audio/mp4; codecs=\"{FragmentedMp4Muxer.NameOf(codec)}\"",
        // A browser can tell by the codec whether it need ask for it as MP4.
        _ => $"audio/ogg; codecs=\"{(codec == AudioCodec.Vorbis ? "vorbis" : FragmentedMp4Muxer.NameOf(codec))}\"",
    };
}
