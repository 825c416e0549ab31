using System.Buffers.Binary;

namespace Isr.Tests.Support;

/// <summary>Sound as numbers, of which no two stretches are equal, and what makes files of it.</summary>
/// <param name="Rate">In hertz.</param>
/// <param name="Channels">How many.</param>
/// <param name="Bits">Of a sample.</param>
/// <param name="Samples">Interleaved.</param>
internal sealed record TestSound(int Rate, int Channels, int Bits, int[] Samples)
{
    /// <summary>A sweep with noise in each channel.</summary>
    public static TestSound Make(int rate, int channels, int bits, double seconds, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new int[(int)(rate * seconds) * channels];
        var scale = Math.ScaleB(1, bits - 1) - 1;
        for (var i = 0; i < samples.Length; i++)
        {
            var (t, channel) = ((double)(i / channels) / rate, i % channels);
            var sweep = Math.Sin(2 * Math.PI * ((150 + (70 * channel) + seed) * t + (9 * t * t)));
            samples[i] = (int)(scale * ((0.09 * (channel + 1) * sweep) + (0.1 * (random.NextDouble() - 0.5))));
        }

        return new TestSound(rate, channels, bits, samples);
    }

    /// <summary>Little-endian with a sign, in so many bytes a sample, shifted to the left.</summary>
    public byte[] Bytes(int width, int shift = 0)
    {
        var bytes = new byte[Samples.Length * width];
        Span<byte> whole = stackalloc byte[sizeof(int)];
        for (var i = 0; i < Samples.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(whole, Samples[i] << shift);
            whole[..width].CopyTo(bytes.AsSpan(i * width));
        }

        return bytes;
    }

    /// <summary>A file made by ffmpeg.</summary>
    public Task EncodeAsync(string path, string codec) => EncodeAsync([(path, codec)]);

    /// <summary>Several, with one process: it takes longer to start than to encode seconds of sound.</summary>
    public async Task EncodeAsync(IEnumerable<(string Path, string Codec)> files) =>
        await Processes.CheckAsync(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "s32le", "-ar", $"{Rate}", "-ac", $"{Channels}", "-i", "pipe:0", .. files.SelectMany(file => (string[])[.. file.Codec.Split(' '), file.Path])],
            Bytes(sizeof(int), 32 - Bits));

    /// <summary>A file made by the reference encoder, of exactly so many bits.</summary>
    public async Task FlacAsync(string path, params string[] words)
    {
        var width = (Bits + 7) / 8;
        var shift = (8 * width) - Bits;
        var data = Bytes(width, shift);
        if (width == 1)
        {
            // WAV has no sign in 8 bits.
            for (var i = 0; i < data.Length; i++)
            {
                data[i] ^= 0x80;
            }
        }

        // WAVE_FORMAT_EXTENSIBLE, which alone tells of 12 or 20 bits.
        var wav = new byte[68 + data.Length];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        wav[16] = 40;
        (wav[20], wav[21], wav[22]) = (0xFE, 0xFF, (byte)Channels);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), Rate * Channels * width);
        (wav[32], wav[34], wav[36], wav[38]) = ((byte)(Channels * width), (byte)(8 * width), 22, (byte)Bits);
        byte[] pcm = [1, 0, 0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        pcm.CopyTo(wav.AsSpan(44));
        "data"u8.CopyTo(wav.AsSpan(60));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(64), data.Length);
        data.CopyTo(wav.AsSpan(68));
        await Processes.CheckAsync("flac", ["-s", "-f", "--no-md5-sum", "--channel-map=none", .. words, "-o", path, "-"], wav);
    }
}
