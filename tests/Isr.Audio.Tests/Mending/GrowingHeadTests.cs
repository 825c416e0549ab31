using System.Buffers;
using System.Buffers.Binary;
using Isr.Audio.Flac;
using Isr.Audio.Mending;
using Isr.Audio.Tests.Support;
using Isr.Audio.Wav;

namespace Isr.Audio.Tests.Mending;

/// <summary>The head of a file that is cut off anywhere says what is there.</summary>
public sealed class GrowingHeadTests
{
    private static readonly FileFacts s_facts = new("mic", new DateTimeOffset(2026, 5, 23, 10, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(2, 16)]
    [InlineData(1, 24)]
    [InlineData(3, 16)]
    public void A_wav_of_any_length_tells_its_whole_samples(int channels, int bits)
    {
        var format = new AudioFormat(AudioCodec.Pcm, 48_000, channels, bits);
        var align = channels * bits / 8;
        var file = WriteWav(format, 1000);
        Assert.True(WavFileInfo.TryRead(Reader(file), file.Length, out var whole));

        for (var length = (int)whole.DataOffset; length <= file.Length; length++)
        {
            var growing = GrowingHead.Of(Reader(file[..length]), length);
            var sent = Overlay(file, growing);

            Assert.True(WavFileInfo.TryRead(Reader(sent), sent.Length, out var info));
            Assert.False(info.IsUnfinished, $"at {length}");
            Assert.Equal(growing.Length - info.DataOffset, info.DataLength);
            Assert.InRange(length - growing.Length, 0, (2 * align) - 1);
        }
    }

    [Fact]
    public void A_wav_beyond_four_gigabytes_is_large()
    {
        var file = WriteWav(new AudioFormat(AudioCodec.Pcm, 48_000, 2, 16), 10);
        var length = (5L << 30) + 2;

        var growing = GrowingHead.Of(
            (offset, destination) =>
            {
                destination.Clear();
                file.AsSpan((int)Math.Min(offset, file.Length)).CopyTo(destination[..Math.Min(destination.Length, (int)Math.Max(0, file.Length - offset))]);
                return (int)Math.Min(destination.Length, length - offset);
            },
            length);

        Assert.True(growing.Bytes.Span.StartsWith("RF64"u8));
        Assert.Equal(growing.Length - growing.Bytes.Length, BinaryPrimitives.ReadInt64LittleEndian(growing.Bytes.Span[28..]));
        Assert.InRange(length - growing.Length, 0, 3);
    }

    [Fact]
    public void A_flac_of_any_length_tells_the_samples_of_its_whole_frames()
    {
        var file = EncodedAudio.Flac(44_100, 2, seconds: 3);
        var ends = FrameEnds(file);
        var seed = Environment.TickCount;
        var random = new Random(seed);

        foreach (var length in Enumerable.Range(0, 300).Select(_ => random.Next((int)ends[0].End, file.Length + 1)).Concat(ends.Select(e => (int)e.End)))
        {
            var growing = GrowingHead.Of(Reader(file[..length]), length);

            Assert.Equal(length, growing.Length);
            Assert.True(FlacFileInfo.TryRead(growing.Bytes.Span, out var info));
            Assert.True(ends.Last(e => e.End <= length).Samples == info.Samples, $"seed {seed}, length {length}: {info.Samples}");
        }
    }

    [Fact]
    public void What_has_no_such_head_is_left_alone()
    {
        foreach (var bytes in (byte[][])[[], [0], "fLaC"u8.ToArray(), "RIFF----WAVE"u8.ToArray(), "OggS and more"u8.ToArray(), new byte[100_000]])
        {
            var growing = GrowingHead.Of(Reader(bytes), bytes.Length);

            Assert.Equal((0, bytes.Length), (growing.Bytes.Length, growing.Length));
        }
    }

    [Fact]
    public void Hostile_bytes_behind_a_head_end_in_no_exception()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var wav = WriteWav(new AudioFormat(AudioCodec.Pcm, 48_000, 2, 16), 50);
        for (var i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. i % 2 == 0 ? wav : [.. "fLaC\0\0\0\u0022"u8, .. wav]];
            for (var j = 0; j < 8; j++)
            {
                bytes[random.Next(8, bytes.Length)] = (byte)random.Next(256);
            }

            var growing = GrowingHead.Of(Reader(bytes), bytes.Length);

            Assert.True(growing.Length <= bytes.Length && growing.Bytes.Length <= growing.Length, $"seed {seed}, round {i}");
        }
    }

    private static ReadAt Reader(byte[] file) => (offset, destination) =>
    {
        var count = (int)Math.Clamp(file.Length - offset, 0, destination.Length);
        file.AsSpan((int)Math.Min(offset, file.Length), count).CopyTo(destination);
        return count;
    };

    private static byte[] Overlay(byte[] file, GrowingHead growing) =>
        [.. growing.Bytes.Span, .. file.AsSpan(growing.Bytes.Length, (int)growing.Length - growing.Bytes.Length)];

    private static byte[] WriteWav(AudioFormat format, int samples)
    {
        var muxer = new WavFileMuxer(format);
        var output = new ArrayBufferWriter<byte>();
        var data = new byte[samples * format.Channels * format.BitsPerSample / 8];
        new Random(1).NextBytes(data);
        var frame = new AudioFrame(data, samples, format);
        muxer.Begin(s_facts, frame, output);
        muxer.Write(frame, output);
        return output.WrittenSpan.ToArray();
    }

    private static List<(long End, long Samples)> FrameEnds(byte[] file)
    {
        var reader = new FlacFrameReader();
        var ends = new List<(long, long)>();
        var (at, samples) = (0, 0L);
        while (reader.TryRead(file.AsSpan(at), isFinal: true, out var consumed, out var frame))
        {
            at += consumed;
            samples += frame.Samples;
            ends.Add((at, samples));
        }

        return ends;
    }
}
