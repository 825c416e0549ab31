namespace Isr.Audio.Tests;

public sealed class StreamFormatsTests
{
    [Fact]
    public void Every_codec_has_its_reader_and_its_muxer()
    {
        foreach (var codec in Enum.GetValues<AudioCodec>().Where(codec => codec != AudioCodec.None))
        {
            Assert.NotNull(StreamFormats.CreateReader(codec));
            Assert.NotNull(StreamFormats.CreateMuxer(new AudioFormat(codec, 44100, 2)));
        }
    }
}
