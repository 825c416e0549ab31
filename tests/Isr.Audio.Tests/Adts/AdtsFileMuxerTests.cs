using System.Buffers;
using Isr.Audio.Adts;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Adts;

public sealed class AdtsFileMuxerTests
{
    [Fact]
    public void Files_are_the_streams_bytes_cut_at_frames_and_each_plays()
    {
        var stream = EncodedAudio.Aac(44100, 2, 8, "-b:a", "96k");
        var frames = ReadFrame.All(new AdtsFrameReader(), stream);
        var muxer = new AdtsFileMuxer();
        using var directory = new TemporaryDirectory();

        var files = frames.Chunk(100).Select(chunk =>
        {
            var file = new ArrayBufferWriter<byte>();
            muxer.Begin(new FileFacts("test", DateTimeOffset.UnixEpoch), chunk[0].Borrow(), file);
            foreach (var frame in chunk)
            {
                muxer.Write(frame.Borrow(), file);
            }

            Assert.Equal(0, muxer.GetHeader([], out _));
            return file.WrittenSpan.ToArray();
        }).ToList();

        Assert.True(stream.AsSpan().SequenceEqual([.. files.SelectMany(file => file)]));
        Assert.All(files, file =>
        {
            var decoded = Tool.Run("ffmpeg", "-v", "error", "-i", directory.Write("part.aac", file), "-f", "s16le", "-");
            Assert.Equal("", decoded.Errors);
            Assert.Equal(ReadFrame.All(new AdtsFrameReader(), file).Count * 1024 * 4, decoded.Output.Length);
        });
    }
}
