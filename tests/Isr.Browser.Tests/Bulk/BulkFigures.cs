using System.Globalization;
using Isr.Benchmarks;
using Isr.Tests.EndToEnd;

namespace Isr.Browser.Tests.Bulk;

/// <summary>What selecting everything takes, and the lanes of days. No tests: run with -explicit only.</summary>
public sealed class BulkFigures(Support.Browser browser)
{
    [Fact(Explicit = true)]
    public async Task Everything_of_50000_recordings()
    {
        using var folder = new ProgramFolder();
        LargeArchive.Write(folder.Recordings);
        LargeArchive.WriteLevels(folder.Recordings, new DateOnly(2026, 5, 1));
        await using var program = IsrProgram.Start(folder, ["web", "--dir", folder.Recordings], withPage: true);
        await program.UntilServingAsync();
        await using var open = await browser.WatchAsync(new Uri(program.Http.BaseAddress!, "?view=recordings"), width: 1440, height: 900);
        await open.Page.EvaluateAsync("performance.setResourceTimingBufferSize(5000)");
        await open.UntilAsync("document.querySelectorAll('.day').length >= 100 && !document.querySelector('.toolbar .count + .button').disabled");
        await open.Page.EvaluateAsync("document.querySelectorAll('.day h3 [aria-expanded=true]').forEach((button) => button.click())");
        // Of the first days nothing was recorded.
        await open.Page.Locator(".more-rows").ClickAsync();
        await open.UntilAsync("document.querySelectorAll('.day .head input.pick').length > 50");
        await open.UntilQuietAsync();

        foreach (var (what, act, until) in new[]
        {
            ("select all", "document.querySelector('.toolbar .count + .button').click()", "document.querySelector('.selected')?.textContent.startsWith('50,000')"),
            ("take one day out", "document.querySelectorAll('.day .head input.pick')[1].click()", "document.querySelector('.selected').textContent.startsWith('49,')"),
            ("filter by name", "(() => { const i = document.getElementById('filter-name'); i.value = '01'; i.dispatchEvent(new Event('input', { bubbles: true })); })()", "document.querySelector('.selected').textContent.includes('not in this list')"),
            ("show all", "[...document.querySelectorAll('.toolbar button')].find((b) => b.textContent === 'Show all').click()", "!document.querySelector('.selected').textContent.includes('not in this list')"),
            ("ask to delete them", "[...document.querySelectorAll('.selected button')].find((b) => b.textContent === 'Delete').click()", "document.querySelector('dialog.ask')?.open"),
            ("clear", "document.querySelector('dialog.ask').close(); [...document.querySelectorAll('.selected button')].find((b) => b.textContent === 'Clear').click()", "!document.querySelector('.selected')"),
            ("scroll over days", "document.querySelector('main').scrollTo(0, 5000)", "document.querySelectorAll('.thumbnail canvas').length > 20 && window.__busy === 0"),
        })
        {
            var told = await open.Page.EvaluateAsync<string>(Follow(act, until));
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {told}"));
        }

        await open.UntilQuietAsync();
        await open.ShootAsync("days-50000-dark");
    }

    /// <summary>How long it takes until something is so, with the longest time between frames and the longest task.</summary>
    private static string Follow(string act, string until) =>
        $$"""
        (async () => {
          let [longest, frames, last] = [0, 0, performance.now()];
          const begun = last;
          const asked = performance.getEntriesByType('resource').length;
          const tasks = [];
          const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
          watch.observe({ type: 'longtask' });
          {{act}};
          while (!({{until}})) {
            await new Promise(requestAnimationFrame);
            const now = performance.now();
            longest = Math.max(longest, now - last);
            last = now;
            frames++;
          }
          watch.disconnect();
          return `${Math.round(last - begun)} ms, ${frames} frames, longest ${Math.round(longest)} ms, longest task ${Math.round(Math.max(0, ...tasks))} ms, ${performance.getEntriesByType('resource').length - asked} questions`;
        })()
        """;
}
