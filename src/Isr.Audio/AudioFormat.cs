namespace Isr.Audio;

/// <summary>How the audio of a stream is coded.</summary>
public enum AudioCodec
{
    None,
    MpegLayer1,
    MpegLayer2,
    MpegLayer3,
    Aac,
}

/// <summary>
/// What all frames of one file have in common. A change of any of it begins a new file.
/// The MPEG version follows from the sample rate.
/// </summary>
/// <param name="Codec">How the frames are coded.</param>
/// <param name="SampleRate">Samples per second and channel, as the frame header says (HE-AAC: the core's rate).</param>
/// <param name="Channels">Channels as the frame header says; 0 when it does not tell (AAC with an in-band configuration).</param>
public readonly record struct AudioFormat(AudioCodec Codec, int SampleRate, int Channels);
