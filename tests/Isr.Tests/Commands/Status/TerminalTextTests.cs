using Isr.Commands.Status;

namespace Isr.Tests.Commands.Status;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("news", 4)]
    [InlineData("日本語", 6)]
    [InlineData("ünï", 3)]
    [InlineData("u\u0308", 1)]
    [InlineData("🎙", 1)]
    [InlineData("🎧", 2)]
    [InlineData("한국어", 6)]
    [InlineData("ｆｕｌｌ", 8)]
    [InlineData("", 0)]
    public void A_text_is_as_wide_as_the_terminal_makes_it(string text, int columns) => Assert.Equal(columns, TerminalText.Width(text));

    [Theory]
    [InlineData("news", 4, "news")]
    [InlineData("newsroom", 4, "new…")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("日本語", 6, "日本語")]
    [InlineData("abc", 0, "")]
    public void What_is_too_long_is_cut_between_letters(string text, int columns, string cut)
    {
        Assert.Equal(cut, TerminalText.Cut(text, columns));
        Assert.Equal(columns, TerminalText.Width(TerminalText.Fit(text, columns)));
    }

    [Fact]
    public void What_others_wrote_steers_nothing()
    {
        var text = TerminalText.Harmless("a\u001b[2Jb\r\nc\u009bd\u202ee\u2028");

        Assert.DoesNotContain(text, char.IsControl);
        Assert.Equal("a\\u001b[2Jb\\r\\nc\\u009bd\\u202ee\\u2028", text);
    }
}
