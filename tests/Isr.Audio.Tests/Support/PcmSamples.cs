namespace Isr.Audio.Tests.Support;

/// <summary>PCM to put into files: signed, little-endian, channels in turn.</summary>
internal static class PcmSamples
{
    public static AudioFormat Format(int sampleRate, int channels, int bits) => new(AudioCodec.Pcm, sampleRate, channels, bits);

    /// <summary>So many samples per channel of noise, with full scale in it.</summary>
    public static byte[] Noise(AudioFormat format, int samples, Random random)
    {
        var data = new byte[samples * BlockAlign(format)];
        random.NextBytes(data);
        return data;
    }

    public static int BlockAlign(AudioFormat format) => format.Channels * format.BitsPerSample / 8;

    public static AudioFrame Frame(AudioFormat format, ReadOnlySpan<byte> data) => new(data, data.Length / BlockAlign(format), format);
}
