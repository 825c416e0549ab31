using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>
/// Every view in every theme and size: nothing out of reach of anybody, nothing wider than the window, and with
/// ISR_SCREENSHOTS=1 a picture of it in artifacts/screenshots.
/// </summary>
public abstract class Screens(Support.Browser browser) : IAsyncLifetime
{
    // What is reviewed in it is not seen by others.
    private readonly ReviewArchive _archive = new();

    private string Day => $"day={_archive.Folder.Day:yyyy-MM-dd}";

    public ValueTask InitializeAsync() => _archive.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _archive.DisposeAsync();
    }

    private protected Task<OpenPage> OpenAsync(int width, int height, bool hasTouch) =>
        browser.WatchAsync(new Uri(_archive.Address, $"?{Day}"), ColorScheme.Dark, width, height, hasTouch);

    private protected async Task AssertInReachAsync(OpenPage open, Func<string, List<string>, Task> look)
    {
        var found = new List<string>();
        foreach (var (name, query, prepare) in Views())
        {
            await open.GoAsync(query);
            await open.UntilQuietAsync();
            await prepare(open);
            await open.UntilQuietAsync();
            await look(name, found);
            await LeaveAsync(open);
        }

        Assert.Equal([], open.Complaints);

        // Without a network, every part says that it could not be got.
        await open.Page.Context.SetOfflineAsync(true);
        await open.GoAsync("?day=2020-03-01");
        await open.UntilAsync("document.querySelectorAll('[role=alert] .button').length >= 2", "document.body.innerText");
        await look("day-offline", found);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    /// <param name="open">As it is to be seen.</param>
    /// <param name="name">Of the picture.</param>
    /// <param name="coloursOnly">Which rules; null for none.</param>
    /// <param name="whole">Also what must be scrolled to.</param>
    private protected static async Task<IEnumerable<string>> LookAsync(OpenPage open, string name, bool? coloursOnly = false, bool whole = false)
    {
        await open.DrawnAsync();
        await open.ShootAsync(name, whole);
        List<string> found = [.. coloursOnly is { } colours ? await open.ViolationsAsync(colours) : []];
        if (await open.IsWiderThanItsWindowAsync())
        {
            found.Add("wider than its window");
        }

        return found.Select(f => $"{name}: {f}");
    }

    private IEnumerable<(string Name, string Query, Func<OpenPage, Task> Prepare)> Views()
    {
        var day = $"?{Day}";
        var recordings = $"?view=recordings&{Day}";
        yield return ("day-chosen-nothing", day, _ => Task.CompletedTask);
        yield return ("day", day, open => open.PressAsync("i", " "));
        yield return ("day-reviewed", day, ReviewAsync);
        yield return ("day-plays-all", day, PlayAllAsync);
        yield return ("labels", day, AskForLabelsAsync);
        yield return ("day-zoomed", day, open => open.PressAsync("i", " ", "+", "+", "+", "+", "+"));
        yield return ("day-month", day, open => open.PressAsync("-", "-", "-", "-", "-"));
        yield return ("go-to", day, AskWronglyAsync);
        yield return ("keys", day, open => open.PressAsync("?"));
        yield return ("day-empty", "?day=2020-02-29", open => open.Page.GetByText("Nothing was recorded on").WaitForAsync());
        yield return ("day-table", day, open => open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "As a table" }).ClickAsync());
        yield return ("recordings", recordings, open => open.Page.Locator(".chip").First.WaitForAsync());
        yield return ("recordings-playing", recordings, PlayInRowAsync);
        yield return ("delete", "?view=recordings", AskToDeleteAsync);
        yield return ("sources", "?view=sources", _ => Task.CompletedTask);
    }

    private static async Task ReviewAsync(OpenPage open)
    {
        await open.PressAsync("i", "3", "s", "r");
        await open.UntilAsync("document.querySelector('.queue .row.reviewed .tags')?.textContent === 'Birdkeptreviewed'", "document.querySelector('.queue .row').textContent");
        await open.Page.Locator(".queue .row").Nth(4).ClickAsync();
        await open.PressAsync("x");
        await open.UntilAsync("document.querySelector('.queue .row.ignored')");
        await open.PressAsync(" ");
    }

    private static async Task PlayAllAsync(OpenPage open)
    {
        await open.PressAsync("n");
        await open.UntilAsync("document.querySelector('.night progress') && window.__audio.some((audio) => !audio.paused)");
        await open.PressAsync(" ");
    }

    private static async Task AskForLabelsAsync(OpenPage open)
    {
        await open.PressAsync("i", " ");
        await open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Labels…" }).ClickAsync();
        await open.UntilAsync("document.querySelector('dialog.labels').open && document.querySelectorAll('dialog.labels input').length === 9");
    }

    private static async Task LeaveAsync(OpenPage open)
    {
        if (await open.Page.EvaluateAsync<bool>("document.querySelector('.night') !== null"))
        {
            await open.PressAsync("Escape");
            await open.Page.Locator(".night").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Close" }).ClickAsync();
        }
    }

    private static async Task AskWronglyAsync(OpenPage open)
    {
        await open.PressAsync("g");
        await open.Page.Keyboard.TypeAsync("half past two");
        await open.PressAsync("Enter");
        await open.Page.GetByText("Type a time").WaitForAsync();
    }

    private static async Task PlayInRowAsync(OpenPage open)
    {
        await open.PressAsync("k", " ");
        await open.UntilAsync("document.querySelector('.here .picture') && document.querySelector('.here .handle')");
    }

    private static async Task AskToDeleteAsync(OpenPage open)
    {
        await open.Page.Locator(".delete:enabled").First.ClickAsync();
        await open.UntilAsync("document.querySelector('dialog.ask').open");
    }
}
