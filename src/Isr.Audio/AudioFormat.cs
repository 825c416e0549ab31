namespace Isr.Audio;

/// <summary>How the audio of a stream is coded, and in what container where that decides how it is cut.</summary>
public enum AudioCodec
{
    None,
    MpegLayer1,
    MpegLayer2,
    MpegLayer3,
    Aac,

    /// <summary>Vorbis in Ogg.</summary>
    Vorbis,

    /// <summary>Opus in Ogg.</summary>
    Opus,

    /// <summary>FLAC frames, one after the other.</summary>
    Flac,

    /// <summary>FLAC frames as packets in Ogg.</summary>
    OggFlac,

    /// <summary>
    /// Samples as they are: signed, little-endian, 2 or 3 bytes by <see cref="AudioFormat.BitsPerSample"/>, the channels
    /// of one moment side by side. A frame of them holds any number of moments and may be divided between any two.
    /// </summary>
    Pcm,
}

/// <summary>
/// What all frames of one file have in common. A change of any of it begins a new file.
/// The MPEG version follows from the sample rate.
/// </summary>
/// <param name="Codec">How the frames are coded.</param>
/// <param name="SampleRate">
/// Samples per second and channel, as the frame header says (HE-AAC: the core's rate; Opus: always 48,000).
/// </param>
/// <param name="Channels">Channels as the frame header says; 0 when it does not tell (AAC with an in-band configuration).</param>
/// <param name="BitsPerSample">Of lossless codecs; 0 for all others.</param>
/// <param name="Setup">What a decoder must know before the first frame; null where frames tell all.</param>
public readonly record struct AudioFormat(
    AudioCodec Codec, int SampleRate, int Channels, int BitsPerSample = 0, StreamSetup? Setup = null)
{
    /// <summary>Whether only the <see cref="Setup"/> is another: the same kind of audio, begun anew.</summary>
    public bool IsLinkOf(in AudioFormat other) => this with { Setup = other.Setup } == other;
}
