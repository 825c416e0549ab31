using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>What fingers, a wheel and an ill server do to the page, one after the other in one window.</summary>
public sealed class HandsTests(ReviewArchive archive, Support.Browser browser)
{
    private const string Lane = ".lane .area[data-source=garden]";
    private const string Selected = "document.querySelector('.queue [aria-selected=true]')";

    private string Day => $"?day={archive.Folder.Day:yyyy-MM-dd}";

    [Fact]
    public async Task Fingers_tap_pinch_and_scroll()
    {
        await using var open = await browser.WatchAsync(new Uri(archive.Address, Day), width: 390, height: 844, hasTouch: true);
        await open.UntilQuietAsync();
        await using var fingers = await Fingers.OnAsync(open.Page);

        var (x, y) = await fingers.PlaceAsync(Lane);
        await fingers.DragAsync([(x, y)], [(x, y - 120)]);
        await open.UntilAsync("scrollY > 60", "scrollY");
        Assert.DoesNotContain("from=", open.Page.Url, StringComparison.Ordinal);
        // What was flung moves on for a while, however often it is brought back.
        await open.UntilAsync("((y) => (scrollTo(0, 0), (window.__still = y === 0 ? (window.__still ?? 0) + 1 : 0) >= 6))(scrollY)", "scrollY");

        (x, y) = await fingers.PlaceAsync(Lane);
        await fingers.DragAsync([(x - 40, y), (x + 40, y)], [(x - 120, y), (x + 120, y)]);
        await open.UntilAsync("location.search.includes('from=')", "location.search");
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("scrollY"));

        await fingers.DragAsync([(x, y)], [(x, y)]);
        await open.UntilAsync("window.__audio.some((audio) => !audio.paused)", "window.__audio.length");
        await open.UntilAsync("location.search.includes('source=garden')", "location.search");

        await open.Page.EvaluateAsync("document.querySelector('.queue').scrollIntoView({ block: 'center' })");
        await open.Page.Locator(".queue .row").First.TapAsync();
        await open.UntilAsync($"{Selected}?.id === 'section-0'", $"{Selected}?.id");

        await open.Page.EvaluateAsync("document.querySelector('.picture').scrollIntoView({ block: 'center' })");
        var before = await open.Page.InputValueAsync("#cut-to");
        (x, y) = await fingers.PlaceAsync(".handle.to");
        await fingers.DragAsync([(x, y)], [(x + 30, y + 40)]);
        await open.UntilAsync($"document.getElementById('cut-to').value > '{before}'", "document.getElementById('cut-to').value");
        Assert.Equal([], open.Complaints);
    }

    [Fact]
    public async Task Nothing_is_asked_for_twice_and_what_an_ill_server_refuses_comes_when_it_is_well()
    {
        await using var open = await browser.WatchAsync(new Uri(archive.Address, Day));
        await open.UntilQuietAsync();
        foreach (var query in new[] { Day, "?view=recordings", "?view=sources" })
        {
            await AssertAskedOnceAsync(open, query);
        }

        Assert.Equal([], open.Complaints);

        await open.Page.RouteAsync("**/api/{sections,coverage,files,levels}?*", route => route.FulfillAsync(
            new RouteFulfillOptions { Status = 503, ContentType = "application/problem+json", Body = """{"error":"It is busy."}""" }));
        await open.Page.GotoAsync(new Uri(archive.Address, Day).ToString());
        await open.UntilAsync("document.querySelector('.timeline [role=alert]')?.textContent.includes('It is busy.') && document.querySelector('.queue [role=alert]')?.textContent.includes('It is busy.')");
        await open.Page.UnrouteAllAsync();
        await open.UntilAsync("[...document.querySelectorAll('[role=alert]')].every(({ textContent }) => textContent === '') && document.querySelector('.queue .row')", "[...document.querySelectorAll('[role=alert]')].map((alert) => alert.textContent)");
    }

    [Fact]
    public async Task The_wheel_zooms_where_nothing_scrolls_and_scrolls_the_list()
    {
        await using var open = await browser.WatchAsync(new Uri(archive.Address, Day), width: 1440, height: 1000);
        await open.UntilQuietAsync();
        await HoverAsync(open, Lane);
        await open.Page.Mouse.WheelAsync(0, -200);
        await open.UntilAsync("location.search.includes('from=')", "location.search");

        await open.Page.GotoAsync(new Uri(archive.Address, $"?view=recordings&source=garden&at={archive.Folder.Day:yyyy-MM-dd}T10:00").ToString());
        await open.UntilQuietAsync();
        await open.UntilAsync("document.querySelector('.here .surface')");
        await HoverAsync(open, ".here .surface");
        var shown = await open.Page.GetAttributeAsync(".here .surface", "aria-valuemax");
        var top = await open.Page.EvaluateAsync<int>("document.getElementById('main').scrollTop");
        await open.Page.Mouse.WheelAsync(0, 100);
        await open.UntilAsync($"document.getElementById('main').scrollTop !== {top}");
        Assert.Equal(shown, await open.Page.GetAttributeAsync(".here .surface", "aria-valuemax"));
        await HoverAsync(open, ".here .surface");
        await open.Page.Keyboard.DownAsync("Control");
        await open.Page.Mouse.WheelAsync(0, -100);
        await open.Page.Keyboard.UpAsync("Control");
        await open.UntilAsync($"Number(document.querySelector('.here .surface').ariaValueMax) < {shown}", "document.querySelector('.here .surface').ariaValueMax");
    }

    /// <summary>A recording that ends meanwhile is a reason to ask again, but not each time.</summary>
    private async Task AssertAskedOnceAsync(OpenPage open, string query)
    {
        const int Tries = 3;
        var asked = new List<string>();
        open.Page.Request += Note;
        for (var i = 1; i <= Tries; i++)
        {
            asked.Clear();
            await open.Page.GotoAsync(new Uri(archive.Address, query).ToString());
            await open.UntilQuietAsync();
            var twice = asked.GroupBy(address => address, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToArray();
            if (twice.Length == 0)
            {
                break;
            }

            Assert.True(i < Tries, string.Join('\n', twice));
        }

        open.Page.Request -= Note;

        void Note(object? sender, IRequest request)
        {
            if (request.Url.Contains("/api/", StringComparison.Ordinal))
            {
                asked.Add(request.Url);
            }
        }
    }

    private static async Task HoverAsync(OpenPage open, string selector)
    {
        var box = (await open.Page.Locator(selector).First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }
}
