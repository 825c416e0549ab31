namespace Isr.Audio.Opus;

/// <summary>A packet of Opus audio.</summary>
internal static class OpusPacket
{
    /// <summary>Opus counts at this rate whatever it was given (RFC 7845, section 4).</summary>
    public const int SampleRate = 48_000;

    private const int MaxSamples = SampleRate * 120 / 1000;

    /// <summary>
    /// Samples per channel at 48 kHz; -1 when it is no valid packet. From its first byte (RFC 6716, section 3.1):
    /// <code>
    /// CCCCCSNN   C configuration: mode, bandwidth, length of a frame   S stereo
    ///            N frames: 0 one, 1 and 2 two, 3 as many as six bits of the next byte say
    /// </code>
    /// </summary>
    public static int Measure(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return -1;
        }

        var configuration = packet[0] >> 3;
        var frame = configuration switch
        {
            // SILK: 10, 20, 40, 60 ms. Hybrid: 10, 20 ms. CELT: 2.5, 5, 10, 20 ms.
            < 12 => (configuration & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 },
            < 16 => (configuration & 1) == 0 ? 480 : 960,
            _ => 120 << (configuration & 3),
        };
        var frames = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length > 1 ? packet[1] & 63 : 0,
        };
        var samples = frame * frames;
        return samples is > 0 and <= MaxSamples ? samples : -1;
    }
}
