using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Alarms;

/// <summary>An alarm on the page while it is open.</summary>
public sealed class AlarmBarTests(Support.Browser browser)
{
    private const string Bar = ".alarms[role=alert]";

    [Fact]
    public async Task An_alarm_comes_and_goes_above_every_view_and_takes_no_focus()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = new FaultServer();
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", server.Url("/live.mp3")));
        await File.WriteAllTextAsync(
            folder.Config, (await File.ReadAllTextAsync(folder.Config, TestContext.Current.CancellationToken)).Replace("[general]", "[general]\nalarm_dead_seconds = 2", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await using var program = IsrProgram.Start(folder, ["run"], withPage: true);
        await program.UntilServingAsync();

        await using var open = await browser.WatchAsync(program.Http.BaseAddress!);
        var page = open.Page;
        await page.Locator("#goto").FocusAsync();
        await page.Locator($"{Bar} li").WaitForAsync();
        Assert.Contains("Nothing of news has been recorded for 2 s", await page.InnerTextAsync(Bar), StringComparison.Ordinal);
        Assert.Equal("goto", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Sources", Exact = true }).ClickAsync();
        await page.Locator(".source .error.alarm").WaitForAsync();
        Assert.True(await page.Locator(Bar).IsVisibleAsync());
        await page.SetViewportSizeAsync(360, 640);
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(await open.ViolationsAsync());

        server.Map("/live.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burstSeconds: 4);
        });
        await open.UntilAsync($"document.querySelector('{Bar} li') === null");
        await open.UntilAsync("document.querySelector('.past-alarms li') !== null", "document.querySelector('.past-alarms')?.textContent");
        Assert.Empty(open.Complaints);
    }
}
