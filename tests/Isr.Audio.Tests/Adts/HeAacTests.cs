using System.Text;
using Isr.Audio.Adts;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Adts;

public sealed class HeAacTests : IDisposable
{
    // Put out by all decoders of these streams: the core's 1,024 doubled, in stereo of 16 bits.
    private const int DecodedFrameBytes = 2 * 1024 * 2 * 2;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1, 2, "HE-AAC")]
    [InlineData(2, 1, "HE-AACv2")]
    public void Every_byte_is_in_a_frame_of_the_core_and_the_frames_last_as_long_as_what_is_heard(int version, int coreChannels, string profile)
    {
        var stream = Stream(version);
        var path = _directory.Write("stream.aac", stream);
        var reader = new AdtsFrameReader();

        var frames = ReadFrame.All(reader, stream);

        Assert.Equal($"{profile},{HeAac.SampleRate},2", Probe(path, "profile,sample_rate,channels"));
        Assert.Equal(stream, ReadFrame.Join(frames));
        Assert.Equal(0, reader.SkippedBytes);
        Assert.All(frames, frame =>
            Assert.Equal((1024, new AudioFormat(AudioCodec.Aac, HeAac.CoreSampleRate, coreChannels)), (frame.Samples, frame.Format)));
        Assert.Equal(frames.Count, frames.Select(frame => Convert.ToHexString(frame.Data)).Distinct(StringComparer.Ordinal).Count());
        var decoded = Assert.Single(Ffmpeg.Decode([path], "s16le")).Length / 4;
        Assert.Equal((decimal)decoded / HeAac.SampleRate, frames.Sum(frame => (decimal)frame.Samples) / HeAac.CoreSampleRate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fragments_of_any_size_give_the_same_frames(int version) =>
        FrameReaderContract.Reads_the_same_in_fragments(() => new AdtsFrameReader(), Stream(version));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Files_cut_at_any_frame_play_and_hold_each_frame_once_in_order(int version)
    {
        var stream = Stream(version);
        var frames = ReadFrame.All(new AdtsFrameReader(), stream);
        var random = FrameReaderContract.Seeded();
        for (var round = 0; round < 4; round++)
        {
            var files = StreamFiles.Make(frames, StreamFiles.CutAtRandom(random, longest: 40, frames.Count));

            Assert.True(stream.AsSpan().SequenceEqual([.. files.SelectMany(file => file.Bytes)]));
            ReadFrame.AssertEqual(frames, [.. files.SelectMany(file => ReadFrame.All(new AdtsFrameReader(), file.Bytes))]);
            var decoded = Decode(files);
            Assert.All(files.Zip(decoded), pair =>
            {
                Assert.Equal(0, pair.First.Samples % 1024);
                Assert.Equal(pair.First.Samples / 1024 * DecodedFrameBytes, pair.Second.Length);
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_may_begin_with_any_frame(int version)
    {
        var frames = ReadFrame.All(new AdtsFrameReader(), Stream(version));
        var files = Enumerable.Range(0, 20).Select(i => 1 + (3 * i)).Select(start => StreamFiles.Make(frames.Take(start + 40), number => number == start)[1]);

        Assert.All(Decode([.. files]), decoded => Assert.Equal(40 * DecodedFrameBytes, decoded.Length));
    }

    private static byte[] Stream(int version) => version == 1 ? HeAac.Version1 : HeAac.Version2;

    // At the rate and in the channels that the decoder finds itself.
    private List<byte[]> Decode(List<MadeFile> files) =>
        Ffmpeg.Decode([.. files.Select((file, i) => _directory.Write($"part{i}{file.Extension}", file.Bytes))], "s16le");

    private static string Probe(string path, string entries) =>
        Encoding.ASCII.GetString(Tool.Output("ffprobe", "-v", "error", "-show_entries", $"stream={entries}", "-of", "csv=p=0", path)).Trim();
}
