using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--no-first-run", "--autoplay-policy=no-user-gesture-required",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page of its own; what its console or network complains of is collected. <paramref name="before"/> is done to it before it is opened.</summary>
    public async Task<(IPage Page, List<string> Complaints)> OpenAsync(Uri address, ColorScheme scheme = ColorScheme.Dark, int width = 1280, int height = 800, Func<IPage, Task>? before = null)
    {
        var open = await WatchAsync(address, scheme, width, height);
        return (open.Page, open.Complaints);
    }

    /// <summary>The same, with what tests want to know of it.</summary>
    internal async Task<OpenPage> WatchAsync(Uri address, ColorScheme scheme = ColorScheme.Dark, int width = 1280, int height = 800, bool hasTouch = false)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            HasTouch = hasTouch,
            IsMobile = hasTouch,
        });
        await context.AddInitScriptAsync(OpenPage.Watch);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        if (before is not null)
        {
            await before(page);
        }

        await page.GotoAsync(address.ToString());
        return new OpenPage(page, complaints);
    }
}
