using System.Buffers;
using System.Buffers.Binary;

namespace Isr.Audio.Flac;

/// <summary>
/// Frames that store samples as they are (RFC 9639, section 9.2.4): what no encoder can refuse, whatever bits and rate. They are for the few
/// samples at the edges of a cut, where smaller ones would save some kilobytes.
/// </summary>
internal static class FlacVerbatimFrame
{
    /// <summary>The most samples per channel of one: within the streamable subset, and of frames that every decoder finds.</summary>
    public const int MaxBlock = 4096;

    private const byte Verbatim = 0x02;
    private const int SixteenBitSize = 7;
    private const int SizeBytes = 2;
    private const int FooterBytes = 2;

    /// <summary>How many of so many samples the next frame takes: parts of about one size, as only the last block of a file may have fewer than 16.</summary>
    public static int NextBlock(int samples)
    {
        var blocks = (samples + MaxBlock - 1) / MaxBlock;
        return (samples + blocks - 1) / blocks;
    }

    /// <summary>Writes a frame of a stream whose blocks have any size; returns its length.</summary>
    /// <param name="samples">Interleaved, each within the bits.</param>
    /// <param name="format">Channels, bits and rate.</param>
    /// <param name="position">Of the first sample.</param>
    /// <param name="output">Takes the frame.</param>
    public static int Write(ReadOnlySpan<int> samples, in AudioFormat format, long position, IBufferWriter<byte> output)
    {
        var (channels, bits) = (format.Channels, format.BitsPerSample);
        var count = samples.Length / channels;
        var frame = output.GetSpan(FlacHeader.MaxHeaderBytes + (((bits * count) + 8) * channels / 8) + 1 + FooterBytes);

        var (rateCode, rateBytes, rateValue) = CodeOf(format.SampleRate);
        (frame[0], frame[1]) = (0xFF, 0xF9);
        frame[2] = (byte)((SixteenBitSize << 4) | rateCode);
        frame[3] = (byte)(((channels - 1) << 4) | (DepthOf(bits) << 1));
        var at = 4 + FlacHeader.WriteNumber(position, frame[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)(count - 1));
        at += SizeBytes;
        for (var i = rateBytes - 1; i >= 0; i--)
        {
            frame[at++] = (byte)(rateValue >> (8 * i));
        }

        frame[at] = FlacCrc.Crc8(frame[..at]);
        at++;
        at += WriteSubframes(samples, channels, bits, frame[at..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[at..], FlacCrc.Crc16(frame[..at]));
        at += FooterBytes;
        output.Advance(at);
        return at;
    }

    /// <summary>One for each channel: a byte that says how it is coded, then its samples, with no room between. The last is filled up to a byte.</summary>
    private static int WriteSubframes(ReadOnlySpan<int> samples, int channels, int bits, Span<byte> destination)
    {
        var (at, held, heldBits) = (0, 0ul, 0);
        var mask = (1ul << bits) - 1;
        for (var channel = 0; channel < channels; channel++)
        {
            (held, heldBits) = ((held << 8) | Verbatim, heldBits + 8);
            for (var i = channel; i < samples.Length; i += channels)
            {
                (held, heldBits) = ((held << bits) | ((uint)samples[i] & mask), heldBits + bits);
                for (; heldBits >= 8; heldBits -= 8)
                {
                    destination[at++] = (byte)(held >> (heldBits - 8));
                }
            }
        }

        if (heldBits > 0)
        {
            destination[at++] = (byte)(held << (8 - heldBits));
        }

        return at;
    }

    // RFC 9639, section 9.1.2; 0 refers to STREAMINFO.
    private static (int Code, int Bytes, int Value) CodeOf(int rate) => rate switch
    {
        88200 => (1, 0, 0),
        176_400 => (2, 0, 0),
        192_000 => (3, 0, 0),
        8000 => (4, 0, 0),
        16000 => (5, 0, 0),
        22050 => (6, 0, 0),
        24000 => (7, 0, 0),
        32000 => (8, 0, 0),
        44100 => (9, 0, 0),
        48000 => (10, 0, 0),
        96000 => (11, 0, 0),
        _ when rate % 1000 == 0 && rate / 1000 <= byte.MaxValue => (12, 1, rate / 1000),
        <= ushort.MaxValue => (13, 2, rate),
        _ when rate % 10 == 0 && rate / 10 <= ushort.MaxValue => (14, 2, rate / 10),
        _ => (0, 0, 0),
    };

    // RFC 9639, section 9.1.4.
    private static int DepthOf(int bits) => bits switch { 8 => 1, 12 => 2, 16 => 4, 20 => 5, 24 => 6, 32 => 7, _ => 0 };
}
