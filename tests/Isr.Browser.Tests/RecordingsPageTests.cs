using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests;

[Collection(Journeys.Name)]
public sealed class RecordingsPageTests(DemoProgram program, Support.Browser browser)
{
    /// <summary>The element that plays, wherever the page keeps it.</summary>
    private const string Audio = "window.__audio";

    [Fact]
    public async Task The_page_lists_what_is_recorded_and_marks_what_still_is()
    {
        var (page, complaints) = await browser.OpenAsync(program.Address);

        var row = page.Locator("li.row").First;
        await row.WaitForAsync();

        Assert.Matches(@"\d{8}_\d{6}\.mp3", await row.InnerTextAsync());
        Assert.Contains("REC", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("demo", await page.InnerTextAsync("body"), StringComparison.Ordinal);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_recording_plays_while_it_grows_beyond_where_it_first_ended()
    {
        var (page, complaints) = await browser.OpenAsync(program.Address);
        await KeepAudioAsync(page);

        await page.Locator("li.row button.play").First.ClickAsync();
        await UntilAsync(page, $"{Audio} && {Audio}.currentTime > 0.5");
        var knownEnd = await page.EvaluateAsync<double>($"{Audio}.duration");
        Assert.True(double.IsFinite(knownEnd), $"Chromium gives {knownEnd} as the duration of a growing file");

        // Near the end that it knows: from there on only growth can carry it further.
        await page.EvaluateAsync($"{Audio}.currentTime = {Audio}.duration - 0.5");
        await UntilAsync(page, FormattableString.Invariant($"{Audio}.currentTime > {knownEnd + 1}"));

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Keys_alone_play_and_pause()
    {
        var (page, _) = await browser.OpenAsync(program.Address);
        await KeepAudioAsync(page);
        await page.Locator("li.row").First.WaitForAsync();

        await page.Keyboard.PressAsync("j");
        await UntilAsync(page, $"{Audio} && !{Audio}.paused && {Audio}.currentTime > 0.2");
        await page.Keyboard.PressAsync(" ");
        await UntilAsync(page, $"{Audio}.paused");
        await page.Keyboard.PressAsync(" ");
        await UntilAsync(page, $"!{Audio}.paused");
    }

    [Theory]
    [InlineData("dark", ColorScheme.Dark, 1280, 800)]
    [InlineData("light", ColorScheme.Light, 1280, 800)]
    [InlineData("phone", ColorScheme.Dark, 390, 844)]
    public async Task Nothing_on_the_page_is_out_of_reach(string name, ColorScheme scheme, int width, int height)
    {
        var (page, _) = await browser.OpenAsync(program.Address, scheme, width, height);
        await page.Locator("li.row").First.WaitForAsync();

        var result = await page.RunAxe();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Screenshot(name) });

        Assert.Empty(result.Violations.Select(Describe));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    /// <summary>Gives the test the audio element, which need not be in the document.</summary>
    private static async Task KeepAudioAsync(IPage page) => await page.EvaluateAsync(
        """
        (() => {
          const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () { window.__audio = this; this.muted = true; return play.call(this); };
        })()
        """);

    /// <summary>Polled from outside: the page's policy forbids what Playwright's own waiting does inside.</summary>
    private static async Task UntilAsync(IPage page, string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await page.EvaluateAsync<bool>($"Boolean({condition})"))
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"not true within 30 s: {condition}; now at {await page.EvaluateAsync<string>($"`${{{Audio}?.currentTime}} of ${{{Audio}?.duration}}, paused ${{{Audio}?.paused}}`")}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static string Describe(AxeResultItem item) =>
        $"{item.Id}: {item.Help} ({string.Join(", ", item.Nodes.Select(n => n.Html))})";

    private static string Screenshot(string name)
    {
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        return Path.Combine(Directory.CreateDirectory(Path.Combine(artifacts, "screenshots")).FullName, name + ".png");
    }
}
