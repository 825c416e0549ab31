namespace Isr.Audio.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Formats_compare_by_value() =>
        Assert.Equal(new AudioFormat(AudioCodec.Aac, 44100, 2), new AudioFormat(AudioCodec.Aac, 44100, 2));
}
