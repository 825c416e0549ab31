using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>
/// Every view in every theme and size: nothing out of reach of anybody, nothing wider than the window, and a picture of it in
/// artifacts/screenshots.
/// </summary>
[Collection(ReviewJourneys.Name)]
public sealed class ScreensTests(ReviewArchive archive, Support.Browser browser)
{
    [Theory(Explicit = true)]
    [InlineData("dark", ColorScheme.Dark, 1440, 900, false)]
    [InlineData("light", ColorScheme.Light, 1440, 900, false)]
    [InlineData("phone-dark", ColorScheme.Dark, 390, 844, true)]
    [InlineData("phone-light", ColorScheme.Light, 390, 844, true)]
    [InlineData("narrow-dark", ColorScheme.Dark, 1024, 700, false)]
    public async Task Nothing_on_any_view_is_out_of_reach(string look, ColorScheme scheme, int width, int height, bool hasTouch)
    {
        var found = new List<string>();
        await using var open = await browser.WatchAsync(new Uri(archive.Address, DayOf()), scheme, width, height, hasTouch);
        foreach (var (name, query, prepare) in Views())
        {
            await open.Page.GotoAsync(new Uri(archive.Address, query).ToString());
            await open.UntilQuietAsync();
            await prepare(open);
            await open.UntilQuietAsync();
            await open.ShootAsync($"{name}-{look}", whole: hasTouch);
            await open.Page.EvaluateAsync("localStorage.clear()");
            found.AddRange((await open.ViolationsAsync()).Select(v => $"{name}: {v}"));
            if (await open.IsWiderThanItsWindowAsync())
            {
                found.Add($"{name}: wider than its window");
            }
        }

        Assert.Equal([], found);
        Assert.Equal([], open.Complaints);
    }

    private string DayOf() => $"?day={archive.Folder.Day:yyyy-MM-dd}";

    private IEnumerable<(string Name, string Query, Func<OpenPage, Task> Prepare)> Views()
    {
        var day = DayOf();
        yield return ("day", day, open => open.PressAsync("i", " "));
        yield return ("day-zoomed", day, open => open.PressAsync("i", " ", "+", "+", "+", "+", "+"));
        yield return ("day-month", day, open => open.PressAsync("-", "-", "-", "-", "-"));
        yield return ("day-table", day, open => open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "As a table" }).ClickAsync());
        yield return ("day-empty", "?day=2020-02-29", _ => Task.CompletedTask);
        yield return ("recordings", "?view=recordings", _ => Task.CompletedTask);
        yield return ("recordings-playing", "?view=recordings", open => open.PressAsync("k", " "));
        yield return ("sources", "?view=sources", _ => Task.CompletedTask);
        yield return ("keys", day, open => open.PressAsync("?"));
    }
}
