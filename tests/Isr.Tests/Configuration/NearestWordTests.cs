using Isr.Configuration;

namespace Isr.Tests.Configuration;

public sealed class NearestWordTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("strem", "stream", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ulr", "url", 1)]
    public void Counts_edits(string a, string b, int expected) => Assert.Equal(expected, NearestWord.Distance(a, b));

    [Theory]
    [InlineData("ulr", "url")]
    [InlineData("chanel", "channel")]
    [InlineData("channles", "channels")]
    [InlineData("split", "split_minutes")]
    [InlineData("ab", null)]
    [InlineData("zzz", null)]
    public void Suggests_what_is_near(string word, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(word, ["url", "channel", "channels", "split_minutes"]));
}
