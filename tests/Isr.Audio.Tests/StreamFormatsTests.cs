using Isr.Audio.Sniffing;

namespace Isr.Audio.Tests;

public sealed class StreamFormatsTests
{
    [Fact]
    public void Every_kind_of_audio_has_its_reader()
    {
        foreach (var kind in Enum.GetValues<StreamKind>().Where(StreamFormats.HasReader))
        {
            Assert.NotNull(StreamFormats.CreateReader(kind));
        }
    }
}
