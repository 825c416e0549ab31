using Isr.Browser.Tests.Support;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Live;

/// <summary>Somebody listens to what a source sends now.</summary>
public sealed class ListeningLiveTests(LiveProgram program, Support.Browser browser) : IClassFixture<LiveProgram>
{
    /// <summary>In seconds; the browser shares its processor with everything else here.</summary>
    private const double LongestBreak = 1;

    private const string Said = "document.querySelector('.heard')?.textContent";

    [Fact]
    public async Task Goes_on_over_a_split_and_by_itself_when_the_server_comes_back()
    {
        await using var open = await browser.WatchAsync(new Uri(program.Address, "?view=sources"), before: Ears.OpenAsync);
        await open.Page.ClickAsync(".source.now button.listen");
        await open.UntilAsync($"/^live, \\d\\.\\d s behind$/.test({Said})", Said);
        Assert.Equal("Stop listening to news", await open.Page.GetAttributeAsync("button.listen", "aria-label"));

        await Ears.SinceAsync(open.Page);
        await program.UntilSplitAsync();
        await program.UntilSplitAsync();
        var heard = await Ears.SinceAsync(open.Page);
        Assert.InRange(heard.Longest, 0, LongestBreak);
        Assert.InRange(heard.Sounded, 4, 60);

        await program.EndAsync();
        await open.UntilAsync("document.querySelector('.source .error')?.textContent === 'The server does not answer. Listening goes on by itself.'", Said);
        await program.StartAsync();
        await open.UntilAsync($"{Said}?.startsWith('live') && document.querySelector('.source .error') === null", "document.querySelector('.source').textContent");
        await Ears.SinceAsync(open.Page);
        await Wait.UntilAsync(async () => (await Ears.SinceAsync(open.Page)).Sounded > 0, TimeSpan.FromSeconds(10), () => "it is silent");

        await open.PressAsync(" ");
        await open.UntilAsync($"{Said} === ''", Said);
        await open.UntilAsync("window.__audio.every(({ paused }) => paused)");
    }

    [Fact]
    public async Task Either_what_comes_now_sounds_or_what_was_recorded()
    {
        await using var open = await browser.WatchAsync(program.Address);
        await open.Page.ClickAsync(".lane button.listen");
        await open.UntilAsync("document.querySelector('.told.live')?.textContent.startsWith('news: live')");
        await SoundsAsync(open, 1);
        Assert.Empty(await open.ViolationsAsync());
        Assert.Equal(("true", "playing", "news"), (
            await open.Page.GetAttributeAsync(".lane button.listen", "aria-pressed"),
            await open.Page.EvaluateAsync<string>("navigator.mediaSession.playbackState"),
            await open.Page.EvaluateAsync<string>("navigator.mediaSession.metadata.title")));

        // What was recorded a moment ago.
        await open.Page.Locator(".lane .area").FocusAsync();
        await open.PressAsync("Enter");
        await open.UntilAsync("document.querySelector('.lane button.listen').getAttribute('aria-pressed') === 'false'");
        await open.UntilAsync("document.querySelector('.told.live') === null && document.querySelector('.play').getAttribute('aria-label') === 'Pause'");

        await open.Page.ClickAsync(".lane button.listen");
        await open.UntilAsync("document.querySelector('.told.live')?.textContent.startsWith('news: live')");
        await SoundsAsync(open, 1);
        await open.Page.ClickAsync(".transport .play");
        await SoundsAsync(open, 0);
    }

    [Fact]
    public async Task A_browser_that_takes_nothing_bit_by_bit_plays_it_by_itself()
    {
        await using var open = await browser.WatchAsync(
            new Uri(program.Address, "?view=sources"),
            before: page => page.Context.AddInitScriptAsync("delete window.MediaSource; delete window.ManagedMediaSource"));
        await open.Page.ClickAsync(".source.now button.listen");
        await open.UntilAsync($"{Said} === 'live'", Said);
        await SoundsAsync(open, 1);
        Assert.Empty(await open.ViolationsAsync());
        await open.Page.SetViewportSizeAsync(390, 844);
        Assert.Empty(await open.ViolationsAsync());
        Assert.False(await open.IsWiderThanItsWindowAsync());
    }

    [Fact]
    public async Task A_browser_that_cannot_play_what_comes_plays_what_is_recorded()
    {
        await using var open = await browser.WatchAsync(
            new Uri(program.Address, "?view=sources"),
            before: async page =>
            {
                await page.Context.AddInitScriptAsync("delete window.MediaSource; delete window.ManagedMediaSource");
                await page.RouteAsync("**/live/**", route => route.Request.Method == "HEAD" ? route.ContinueAsync() : route.FulfillAsync(new() { ContentType = "audio/mpeg", Body = "no sound" }));
            });
        await open.Page.ClickAsync(".source.now button.listen");
        await open.UntilAsync("document.querySelector('button.listen').textContent === 'Pause'", Said);
        await SoundsAsync(open, 1);
        await open.Page.ClickAsync("button.listen");
        await SoundsAsync(open, 0);
    }

    /// <summary>So many elements play, which are not at their beginning.</summary>
    private static Task SoundsAsync(OpenPage open, int count) =>
        open.UntilAsync($"window.__audio.filter(({{ paused, currentTime }}) => !paused && currentTime > 0).length === {count}", "JSON.stringify(window.__audio.map(({ paused, currentTime, src }) => ({ paused, currentTime, src })))");
}
