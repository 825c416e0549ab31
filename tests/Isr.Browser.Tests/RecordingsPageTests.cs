using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

[Collection(Journeys.Name)]
public sealed class RecordingsPageTests(DemoProgram program, Support.Browser browser)
{
    [Fact]
    public async Task The_page_lists_what_is_recorded_and_marks_what_still_is()
    {
        await using var open = await browser.WatchAsync(new Uri(program.Address, "?view=recordings"));

        var row = open.Page.Locator("li.recording").First;
        await row.WaitForAsync();

        Assert.Matches(@"\d{8}_\d{6}\.mp3", await row.InnerTextAsync());
        Assert.Contains("REC", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("demo", await open.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task What_is_being_recorded_plays_in_its_row()
    {
        await using var open = await browser.WatchAsync(new Uri(program.Address, "?view=recordings"));

        await open.Page.Locator("li.recording button.play").First.ClickAsync();

        await open.UntilAsync("window.__audio.some((audio) => !audio.paused && audio.currentTime > 0.5)", "window.__audio.map((audio) => `${audio.src} ${audio.currentTime} ${audio.paused}`)");
        Assert.Empty(open.Complaints);
    }
}
