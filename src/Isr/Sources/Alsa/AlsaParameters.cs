using Isr.Audio;
using Isr.Audio.Pcm;

namespace Isr.Sources.Alsa;

/// <summary>How an open device captures, and what of it is recorded.</summary>
internal sealed record AlsaParameters
{
    /// <summary>The PCM's name, as it was opened.</summary>
    public required string Pcm { get; init; }

    /// <summary>The device, for people.</summary>
    public required string Name { get; init; }

    public required int SampleRate { get; init; }

    /// <summary>From the device's samples to the recording's.</summary>
    public required SampleConversion Conversion { get; init; }

    /// <summary>Moments that the device holds before the oldest are lost.</summary>
    public required int BufferMoments { get; init; }

    /// <summary>What is recorded otherwise than it was configured, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Of the frames that the recording gets.</summary>
    public AudioFormat Format => new(AudioCodec.Pcm, SampleRate, Conversion.Taken, Conversion.Bits);
}
