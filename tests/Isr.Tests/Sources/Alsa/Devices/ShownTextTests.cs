using Isr.Sources.Alsa.Devices;

namespace Isr.Tests.Sources.Alsa.Devices;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("USB Audio", "USB Audio")]
    [InlineData("  USB \t Audio \n", "USB Audio")]
    [InlineData("one\r\ntwo", "one two")]
    [InlineData("\u001b[31mred\u009b0m", "[31mred 0m")]
    [InlineData("left\u202eright\u200b", "left right")]
    [InlineData("Gerät 日本 🎤", "Gerät 日本 🎤")]
    [InlineData("\0\n", "")]
    [InlineData("", "")]
    public void A_name_becomes_one_line_of_what_can_be_seen(string name, string shown) => Assert.Equal(shown, ShownText.Clean(name));

    [Fact]
    public void Half_a_character_is_shown_as_one_that_is_missing() => Assert.Equal("half \ufffd", ShownText.Clean("half \ud83c"));

    [Fact]
    public void A_long_name_is_cut()
    {
        var shown = ShownText.Clean(new string('x', 100_000));

        Assert.Equal(80, shown.Length);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_name_that_the_kernel_has_is_not() => Assert.Equal(new string('x', 79), ShownText.Clean(new string('x', 79)));
}
