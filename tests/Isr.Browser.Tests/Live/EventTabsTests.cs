using Isr.Browser.Tests.Support;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Live;

/// <summary>Several tabs of one browser, and how many connections they keep to be told what happens.</summary>
public sealed class EventTabsTests(LiveProgram program, Support.Browser browser) : IClassFixture<LiveProgram>
{
    /// <summary>Keeps what the page says to people who do not see it, and counts how often its meters move: that is with every event of levels.</summary>
    private const string Keep =
        """
        (() => {
          [window.__said, window.__moved] = [[], 0];
          new MutationObserver((changes) => {
            for (const { type, target } of changes) {
              if (type === 'attributes') window.__moved += target.closest('.meter') === null ? 0 : 1;
              else if (target.parentElement?.closest('[role=status]')) window.__said.push(target.textContent);
            }
          }).observe(document, { attributeFilter: ['style'], characterData: true, childList: true, subtree: true });
        })()
        """;

    [Fact]
    public async Task Tabs_share_one_connection_which_is_there_while_one_of_them_is_seen()
    {
        await using var first = await OpenAsync();
        var (second, third) = (await AnotherAsync(first), await AnotherAsync(first));
        await program.UntilListenersAsync(1);
        await HearAsync(first, second, third);
        await HearSplitAsync(first, second, third);
        Assert.Equal(1, await program.ListenersAsync());

        await first.Page.CloseAsync();
        await HearAsync(second, third);
        Assert.Equal(1, await program.ListenersAsync());

        await ShowAsync(second, isHidden: true);
        await HearAsync(third);
        Assert.Equal(1, await program.ListenersAsync());
        await ShowAsync(third, isHidden: true);
        await program.UntilListenersAsync(0);

        await ShowAsync(second, isHidden: false);
        await program.UntilListenersAsync(1);
        await HearAsync(second);
        Assert.Equal([], [.. first.Complaints, .. second.Complaints, .. third.Complaints]);
    }

    [Fact]
    public async Task A_browser_without_shared_workers_has_a_connection_for_each_tab()
    {
        await using var first = await OpenAsync("delete window.SharedWorker");
        var second = await AnotherAsync(first);

        await program.UntilListenersAsync(2);
        await HearAsync(first, second);
        await ShowAsync(first, isHidden: true);
        await program.UntilListenersAsync(1);
        await second.Page.CloseAsync();
        await program.UntilListenersAsync(0);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_is_done_without()
    {
        await using var open = await OpenAsync("window.SharedWorker = class extends EventTarget { port = Object.assign(new EventTarget(), { start() {}, postMessage() {} }); }");

        await program.UntilListenersAsync(1);
        await HearAsync(open);
    }

    [Fact]
    public async Task All_tabs_go_on_by_themselves_when_the_server_comes_back()
    {
        await using var first = await OpenAsync();
        var tabs = new[] { first, await AnotherAsync(first), await AnotherAsync(first) };
        await program.UntilListenersAsync(1);

        await program.EndAsync();
        foreach (var tab in tabs)
        {
            await tab.UntilAsync("document.querySelector('.stale')?.textContent.includes('The server does not answer.')");
        }

        await program.StartAsync();

        await Task.WhenAll(tabs.Select(tab => tab.UntilAsync("document.querySelector('.stale') === null && document.querySelector('.mark.now')")));
        await program.UntilListenersAsync(1);
        await HearAsync(tabs);
    }

    // Only when asked for: up to 17 s pass until it is noticed.
    [Fact(Explicit = true)]
    public async Task A_tab_that_crashes_takes_nothing_from_the_others_and_leaves_nothing_behind()
    {
        await using var first = await OpenAsync();
        var second = await AnotherAsync(first);
        await program.UntilListenersAsync(1);
        var session = await first.Page.Context.NewCDPSessionAsync(first.Page);

        _ = session.SendAsync("Page.crash");

        await second.Page.EvaluateAsync("window.__said.length = 0");
        await Wait.UntilAsync(async () => await program.ListenersAsync() == 0, TimeSpan.FromSeconds(5), () => "the worker has not crashed with it");
        await program.UntilListenersAsync(1);
        await HearAsync(second);
        await ShowAsync(second, isHidden: true);
        await program.UntilListenersAsync(0);
    }

    private Task<OpenPage> OpenAsync(string? script = null) => browser.WatchAsync(
        new Uri(program.Address, "?view=sources"),
        before: async page =>
        {
            await page.Context.AddInitScriptAsync(Keep);
            if (script is not null)
            {
                await page.Context.AddInitScriptAsync(script);
            }
        });

    private async Task<OpenPage> AnotherAsync(OpenPage first)
    {
        var page = await first.Page.Context.NewPageAsync();
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(new Uri(program.Address, "?view=sources").ToString());
        return new OpenPage(page, complaints);
    }

    /// <summary>Levels come, ten times a second.</summary>
    private static async Task HearAsync(params OpenPage[] tabs)
    {
        foreach (var tab in tabs)
        {
            await tab.UntilAsync("document.querySelector('[role=meter]')");
            await tab.Page.EvaluateAsync("window.__moved = 0");
            await tab.UntilAsync("window.__moved >= 10", "window.__moved");
        }
    }

    /// <summary>A file ends and another one begins.</summary>
    private static async Task HearSplitAsync(params OpenPage[] tabs)
    {
        foreach (var tab in tabs)
        {
            await tab.Page.EvaluateAsync("window.__said.length = 0");
        }

        foreach (var tab in tabs)
        {
            await tab.UntilAsync("['ended', 'started'].every((what) => window.__said.some((said) => said.includes(`Recording ${what}: news`)))", "JSON.stringify(window.__said)");
        }
    }

    /// <summary>As when another tab lies over it, which a browser without a screen does not do.</summary>
    private static async Task ShowAsync(OpenPage tab, bool isHidden) => await tab.Page.EvaluateAsync(
        """
        (isHidden) => {
          Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
          Object.defineProperty(document, 'visibilityState', { value: isHidden ? 'hidden' : 'visible', configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        isHidden);
}
