using Isr.Audio;

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
}

internal static class LiveFormats
{
    /// <summary>The format for frames of a codec; what is asked for counts where it can be chosen, which is for samples.</summary>
    public static LiveFormat Of(AudioCodec codec, LiveFormat forSamples) => codec switch
    {
        AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3 => LiveFormat.Mpeg,
        AudioCodec.Aac => LiveFormat.Adts,
        AudioCodec.Flac => LiveFormat.Flac,
        AudioCodec.Pcm => forSamples,
        _ => LiveFormat.Ogg,
    };

    public static string ContentType(this LiveFormat format) => format switch
    {
        LiveFormat.Mpeg => "audio/mpeg",
        LiveFormat.Adts => "audio/aac",
        LiveFormat.Flac => "audio/flac",
        LiveFormat.Wav => "audio/wav",
        _ => "audio/ogg",
    };
}
