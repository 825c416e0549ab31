using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>The page in a browser window of its own; closed with it.</summary>
internal sealed class OpenPage(IPage page, List<string> complaints) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Counts requests that are under way, but for those without an end; and keeps the audio elements, which need not be in the document.</summary>
    public const string Watch =
        """
        (() => {
          window.__busy = 0;
          window.__audio = [];
          const { fetch } = window;
          window.fetch = (...args) => { window.__busy++; return fetch(...args).finally(() => setTimeout(() => window.__busy--, 50)); };
          const play = HTMLMediaElement.prototype.play;
          HTMLMediaElement.prototype.play = function () { if (!window.__audio.includes(this)) window.__audio.push(this); return play.call(this); };
        })()
        """;

    public IPage Page => page;

    /// <summary>What its console or network complained of.</summary>
    public List<string> Complaints => complaints;

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    /// <summary>Polled from outside: the page's policy forbids what Playwright's own waiting does inside.</summary>
    public async Task UntilAsync(string condition, string? show = null)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!await page.EvaluateAsync<bool>($"Boolean({condition})"))
        {
            if (limit.IsCancellationRequested)
            {
                var seen = show is null ? await page.InnerTextAsync("body") : await page.EvaluateAsync<string>($"String({show})");
                Assert.Fail($"not true within {s_patience.TotalSeconds} s: {condition}; now: {seen}\n{string.Join('\n', complaints)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>Everything asked for is there and drawn.</summary>
    public async Task UntilQuietAsync()
    {
        await UntilAsync("document.fonts.status === 'loaded' && document.querySelector('main')");
        await UntilAsync(
            """
            (() => {
              const now = performance.now();
              if (window.__busy > 0) window.__quiet = undefined;
              else window.__quiet ??= now;
              return window.__quiet !== undefined && now - window.__quiet > 250;
            })()
            """,
            "window.__busy");
        await page.EvaluateAsync("(async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); })()");
    }

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }
    }

    /// <summary>What axe has against it, a line for each.</summary>
    public async Task<string[]> ViolationsAsync() => [.. (await page.RunAxe()).Violations.Select(Describe)];

    public async Task<bool> IsWiderThanItsWindowAsync() => await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");

    /// <summary>Into artifacts/screenshots.</summary>
    public async Task ShootAsync(string name, bool whole = false)
    {
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(artifacts, "screenshots")).FullName, name + ".png");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = whole });
    }

    private static string Describe(AxeResultItem item) => $"{item.Id}: {item.Help} ({string.Join(", ", item.Nodes.Select(n => n.Html))})";
}
