using System.Buffers;
using Isr.Analysis.Growing;
using Isr.Audio;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Audio.Sniffing;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis.Growing;

public sealed class GrowingRecordingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <param name="format">As <see cref="TestAudio.Codec"/> names it.</param>
    /// <param name="kilobits">Bits a second.</param>
    /// <param name="tolerance">In units of 1e-5: codecs that carry a state on from the beginning of the stream come close, not nearer.</param>
    [Theory]
    [InlineData("mp3", 128, 0)]
    [InlineData("mp3", 320, 0)]
    [InlineData("vbr", 0, 0)]
    [InlineData("mono48", 64, 0)]
    [InlineData("adts", 128, 2)]
    [InlineData("ogg", 0, 0)]
    [InlineData("opus", 96, 5)]
    [InlineData("flac", 0, 0)]
    [InlineData("oggflac", 0, 0)]
    public async Task Levels_of_pieces_are_those_of_the_whole_file(string format, int kilobits, int tolerance)
    {
        var random = new Random(format.Length + kilobits);
        var file = await RecordingAsync(format, kilobits);
        var path = _directory.File("growing");
        var expected = await MeasureAsync(file);
        using var growing = new GrowingRecording(path);

        RecordingLevels? levels = null;
        for (var length = 0; length < file.Length;)
        {
            length = Math.Min(file.Length, length + random.Next(file.Length / 4));
            await File.WriteAllBytesAsync(path, file[..length], TestContext.Current.CancellationToken);
            var measured = await growing.GrowAsync(length, isFinal: length == file.Length, _ => { }, TestContext.Current.CancellationToken);
            Assert.True(measured.Levels is not null || length < 64 * 1024, $"{length} of {file.Length} bytes: {measured.Sentence}");
            Assert.True(measured.Levels is null || measured.Levels.Samples >= (levels?.Samples ?? 0));
            levels = measured.Levels;
        }

        Assert.NotNull(levels);
        Assert.Equal((expected.Samples, expected.SampleRate, expected.Channels), (levels.Samples, levels.SampleRate, levels.Channels));
        for (var i = 0; i < expected.Rms.Length; i++)
        {
            Assert.InRange((int)levels.Rms.Span[i], (int)expected.Rms.Span[i] - tolerance, (int)expected.Rms.Span[i] + tolerance);
        }
    }

    [Fact]
    public async Task What_is_no_stream_or_has_a_hole_is_left_to_be_measured_as_a_whole()
    {
        var path = _directory.File("growing");
        var random = new Random(1);
        var noise = new byte[200_000];
        random.NextBytes(noise);
        var mp3 = await RecordingAsync("mp3", 128);
        byte[][] files = [noise, [], "RIFF"u8.ToArray(), [.. (await RecordingAsync("ogg", 0)).Index().Where(b => b.Index is < 60_000 or > 70_000).Select(b => b.Item)]];

        foreach (var file in files)
        {
            await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
            using var growing = new GrowingRecording(path);
            var measured = await growing.GrowAsync(file.Length, isFinal: true, _ => { }, TestContext.Current.CancellationToken);

            Assert.Null(measured.Levels);
            Assert.NotNull(measured.Sentence);
        }

        using var gone = new GrowingRecording(_directory.File("gone"));
        Assert.Contains("cannot be read", (await gone.GrowAsync(1, true, _ => { }, TestContext.Current.CancellationToken)).Sentence, StringComparison.Ordinal);
        Assert.NotEmpty(mp3);
    }

    /// <summary>The second of two files that the recorder makes of 20 s.</summary>
    private static async Task<byte[]> RecordingAsync(string format, int kilobits)
    {
        string[] input = ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "20"];
        var stream = (await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec(format, kilobits), "pipe:1"])).Output;
        var reader = StreamFormats.CreateReader(StreamSniffer.Sniff(stream, isFinal: true));
        var file = new ArrayBufferWriter<byte>();
        IFileMuxer? muxer = null;
        var (at, samples, isBegun, rate) = (0, 0L, false, 0);
        while (true)
        {
            var isFrame = reader.TryRead(stream.AsSpan(at), isFinal: true, out var consumed, out var frame);
            at += consumed;
            if (!isFrame && consumed == 0)
            {
                break;
            }

            if (!isFrame)
            {
                continue;
            }

            muxer ??= StreamFormats.CreateMuxer(frame.Format);
            rate = frame.Format.SampleRate;
            if (!isBegun && (samples < 5 * rate || frame.Samples == 0))
            {
                muxer.Observe(frame);
            }
            else if (!isBegun)
            {
                muxer.Begin(new FileFacts("test", DateTimeOffset.UnixEpoch), frame, file);
                isBegun = true;
            }

            samples += frame.Samples;
            if (isBegun)
            {
                muxer.Write(frame, file);
            }
        }

        muxer!.Finish(file);
        var bytes = file.WrittenSpan.ToArray();
        var header = new byte[muxer.MaxHeaderBytes];
        var length = muxer.GetHeader(header, out var offset);
        header.AsSpan(0, length).CopyTo(bytes.AsSpan((int)offset));
        return bytes;
    }

    private async Task<RecordingLevels> MeasureAsync(byte[] file)
    {
        var path = _directory.File("whole");
        await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
        var facts = (await Processes.CheckAsync("ffprobe", ["-v", "error", "-show_entries", "stream=sample_rate,channels,sample_fmt", "-of", "csv=p=0", path])).Text.Trim().Split(',');
        var isInteger = facts[0] == "s16";
        var decoded = (await Processes.CheckAsync("ffmpeg", ["-v", "error", "-i", path, "-f", isInteger ? "s16le" : "f32le", "-"])).Output;
        var windows = new LevelWindows(int.Parse(facts[1], System.Globalization.CultureInfo.InvariantCulture), int.Parse(facts[2], System.Globalization.CultureInfo.InvariantCulture), isInteger ? SampleFormat.S16 : SampleFormat.Real);
        windows.Add(decoded);
        return windows.ToLevels();
    }
}
