using System.Buffers.Binary;
using Isr.Audio;
using Isr.Audio.Sniffing;

namespace Isr.Tests.Support;

/// <summary>A frame as a source gives it.</summary>
internal readonly record struct SuppliedFrame(ReadOnlyMemory<byte> Data, int Samples, AudioFormat Format, long? Lost = null, int Unheard = 0, StreamPosition? Position = null)
{
    /// <summary>How long it takes, with what is missing before it.</summary>
    public double Seconds => SecondsBefore + ((double)Samples / Format.SampleRate);

    /// <summary>What passes before its first sample is heard.</summary>
    public double SecondsBefore => (double)((Lost ?? 0) + Unheard) / Format.SampleRate;
}

/// <summary>Gives the frame with a number; a supply that has an end begins again.</summary>
internal delegate SuppliedFrame FrameSupply(int number);

/// <summary>Frames for <see cref="RecordingHarness"/>.</summary>
internal static class FrameSupplies
{
    /// <summary>The MP3 frames of <see cref="TestAudio"/>.</summary>
    public static async Task<FrameSupply> Mp3Async()
    {
        var frames = (await TestAudio.Mp3Async()).Frames;
        var format = new AudioFormat(AudioCodec.MpegLayer3, 44100, 2);
        return number => new SuppliedFrame(frames[number % frames.Count], 1152, format);
    }

    /// <summary>The ADTS frames of <see cref="TestAudio"/>.</summary>
    public static async Task<FrameSupply> AdtsAsync()
    {
        var frames = (await TestAudio.AdtsAsync()).Frames;
        var format = new AudioFormat(AudioCodec.Aac, 44100, 2);
        return number => new SuppliedFrame(frames[number % frames.Count], 1024, format);
    }

    /// <summary>The frames of any format of <see cref="TestAudio.Codec"/>, as the program itself finds them.</summary>
    public static async Task<FrameSupply> CodedAsync(string format, StreamKind kind)
    {
        var frames = new List<SuppliedFrame>();
        Read(await TestAudio.CodedAsync(format), kind, frames);
        return number => frames[number % frames.Count];
    }

    private static void Read(ReadOnlySpan<byte> rest, StreamKind kind, List<SuppliedFrame> frames)
    {
        var reader = StreamFormats.CreateReader(kind);
        while (reader.TryRead(rest, isFinal: true, out var consumed, out var frame) || consumed > 0)
        {
            if (!frame.Data.IsEmpty)
            {
                frames.Add(new SuppliedFrame(frame.Data.ToArray(), frame.Samples, frame.Format, frame.Lost, frame.Unheard, frame.Position));
            }

            rest = rest[consumed..];
        }
    }

    /// <summary>MP3 of another kind, coded for this test.</summary>
    public static async Task<FrameSupply> Mp3Async(int sampleRate, int channels, int kilobits, int seconds)
    {
        string[] input = ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(seed: 7), "-t", $"{seconds}", "-ar", $"{sampleRate}", "-ac", $"{channels}"];
        var made = await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec("mp3", kilobits), "pipe:1"]);
        var frames = FrameSplitter.Mp3(made.Output);
        var format = new AudioFormat(AudioCodec.MpegLayer3, sampleRate, channels);
        var samples = sampleRate < 32000 ? 576 : 1152;
        return number => new SuppliedFrame(frames[number % frames.Count], samples, format);
    }

    /// <summary>ADTS frames of 64 ms that hold nothing but their number: small and all different, for days on end.</summary>
    public static SuppliedFrame Numbered(int number) => Numbered(number, blocks: 1, rateIndex: 8, sampleRate: 16000);

    /// <summary>The same of 512 ms.</summary>
    public static SuppliedFrame NumberedLong(int number) => Numbered(number, blocks: 4, rateIndex: 11, sampleRate: 8000);

    private static SuppliedFrame Numbered(int number, int blocks, int rateIndex, int sampleRate)
    {
        const int Length = 7 + sizeof(int);
        byte[] frame =
        [
            0xFF, 0xF1, (byte)(1 << 6 | rateIndex << 2), 1 << 6 | Length >> 11, Length >> 3, (Length & 7) << 5 | 0x1F, (byte)(0xFC | blocks - 1),
            0, 0, 0, 0,
        ];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(7), number);
        return new SuppliedFrame(frame, 1024 * blocks, new AudioFormat(AudioCodec.Aac, sampleRate, 1));
    }
}
