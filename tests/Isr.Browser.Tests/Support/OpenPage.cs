using System.Globalization;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>The page in a browser window of its own; closed with it.</summary>
internal sealed class OpenPage(IPage page, List<string> complaints) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Counts requests that are under way, but for those without an end; keeps the audio elements, which need not be in the document, and what
    /// each has played of each address: it forgets that with the next one, before which the page always halts it.
    /// </summary>
    public const string Watch =
        """
        (() => {
          window.__busy = 0;
          window.__audio = [];
          window.__played = {};
          const note = (audio) => {
            if (audio.currentSrc) (window.__played[audio.currentSrc] ??= new Map()).set(audio, [...Array(audio.played.length).keys()].map((i) => [audio.played.start(i), audio.played.end(i)]));
          };
          const { fetch } = window;
          window.fetch = (...args) => { window.__busy++; return fetch(...args).finally(() => setTimeout(() => window.__busy--, 50)); };
          const play = HTMLMediaElement.prototype.play;
          const pause = HTMLMediaElement.prototype.pause;
          HTMLMediaElement.prototype.pause = function () { pause.call(this); note(this); };
          HTMLMediaElement.prototype.play = function () { if (!window.__audio.includes(this)) window.__audio.push(this); return play.call(this); };
        })()
        """;

    /// <summary>
    /// All rules but the experimental ones, target-size among them, which axe leaves out unless asked. Rows after the fourth of a list are as the
    /// first: they are out of the document meanwhile, as axe goes through all of it, at a second for each two hundred. Recordings stay and are left
    /// out, as what is scrolled to would be under the day's line without them.
    /// </summary>
    private const string Examine =
        """
        async (coloursOnly) => {
          const further = (row) => `${row}:nth-child(n + 5):not([aria-selected=true], [aria-current])`;
          const out = [...document.querySelectorAll(['.queue .row', '.found-rows li', '.spans tr'].map(further))].map((row) => {
            const place = document.createComment('');
            row.replaceWith(place);
            return () => place.replaceWith(row);
          });
          const runOnly = coloursOnly ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations } = await axe.run({ include: [['html']], exclude: [[further('.recording')]] }, { runOnly, resultTypes: ['violations'], preload: false });
          for (const back of out) back();
          return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} (${failureSummary})`).join('; ')}`);
        }
        """;

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Whether pictures are wanted, and every theme and size is looked at, not only those in which something can be another.</summary>
    public static bool TakesPictures => Environment.GetEnvironmentVariable("ISR_SCREENSHOTS") is not (null or "" or "0");

    public IPage Page => page;

    /// <summary>What its console or network complained of.</summary>
    public List<string> Complaints => complaints;

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    /// <summary>What has sounded of finished recordings since the page was opened, in order: what an element played, not what was to be seen meanwhile. To be asked for while nothing plays.</summary>
    public async Task<IReadOnlyList<(string Source, DateTimeOffset From, DateTimeOffset To)>> HeardAsync(TimeZoneInfo zone)
    {
        var spans = await page.EvaluateAsync<JsonElement>("Object.entries(window.__played).flatMap(([src, played]) => [...played.values()].flat().map(([from, to]) => ({ path: new URL(src).pathname, from, to })))");
        return
        [
            .. spans.EnumerateArray().Select(span =>
            {
                // "/stream/garden/20260523_020000.flac"
                var parts = span.GetProperty("path").GetString()!.Split('/');
                var local = DateTime.ParseExact(Path.GetFileNameWithoutExtension(parts[^1])[..15], "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
                var start = new DateTimeOffset(local, zone.GetUtcOffset(local));
                return (Source: parts[^2], From: start.AddSeconds(span.GetProperty("from").GetDouble()), To: start.AddSeconds(span.GetProperty("to").GetDouble()));
            }).OrderBy(span => span.From),
        ];
    }

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
        await DrawnAsync();
    }

    /// <summary>What has changed is drawn, canvases too.</summary>
    public async Task DrawnAsync() => await page.EvaluateAsync("(async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); })()");

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }
    }

    /// <summary>Goes to another place of the page without loading it anew, as the browser's "back" does.</summary>
    public async Task GoAsync(string query) => await page.EvaluateAsync(
        """
        (query) => {
          for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
          document.activeElement.blur();
          document.querySelector('.goto')?.reset();
          localStorage.removeItem('table');
          history.pushState(null, '', query);
          dispatchEvent(new PopStateEvent('popstate'));
          scrollTo(0, 0);
        }
        """,
        query);

    /// <summary>What axe has against it, a line for each; with <paramref name="coloursOnly"/> only what another theme can change.</summary>
    public async Task<string[]> ViolationsAsync(bool coloursOnly = false)
    {
        await page.EvaluateAsync("(script) => { if (!('axe' in window)) (0, eval)(script); }", s_axe);
        return await page.EvaluateAsync<string[]>(Examine, coloursOnly);
    }

    public async Task<bool> IsWiderThanItsWindowAsync() => await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");

    /// <summary>Into artifacts/screenshots where ISR_SCREENSHOTS asks for them: without a graphics processor they take long. With <paramref name="whole"/> also what must be scrolled to, unless that is a long list.</summary>
    /// <remarks>While Chromium takes such a picture it forgets that the screen is touched: what depends on that is drawn as for a mouse.</remarks>
    public async Task ShootAsync(string name, bool whole = false)
    {
        if (!TakesPictures)
        {
            return;
        }

        whole = whole && await page.EvaluateAsync<int>("document.documentElement.scrollHeight") < 4000;
        var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.FullName;
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(artifacts, "screenshots")).FullName, name + ".png");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = whole });
    }
}
