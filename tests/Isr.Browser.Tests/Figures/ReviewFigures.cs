using System.Diagnostics;
using System.Globalization;
using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests.Figures;

/// <summary>How long it takes a person to have heard what matters. No tests: `./bench.sh page` runs them, one after another.</summary>
public sealed class ReviewFigures(ReviewArchive archive, Support.Browser browser)
{
    private const int Loudest = 10;

    [Fact(Explicit = true)]
    public async Task Ten_loudest_by_keys()
    {
        var events = await LoudestAsync();
        var began = Stopwatch.GetTimestamp();
        await using var open = await OpenAsync();
        await open.UntilAsync("document.querySelector('.queue .row')");
        var keys = 1;
        await open.PressAsync(" ");
        for (var i = 0; i < Loudest; i++)
        {
            await HeardAsync(open, i, events[i]);
            await open.PressAsync("r");
            keys++;
        }

        await open.UntilAsync($"document.querySelectorAll('.queue .row.reviewed').length === {Loudest}");
        Tell("each as soon as its end was heard: Space, then R", keys, Stopwatch.GetElapsedTime(began), events);
    }

    [Fact(Explicit = true)]
    public async Task Ten_loudest_in_a_row()
    {
        var events = await LoudestAsync();
        var began = Stopwatch.GetTimestamp();
        await using var open = await OpenAsync();
        await open.UntilAsync("document.querySelector('.queue .row')");
        await open.PressAsync("n");
        while (await open.Page.EvaluateAsync<int>("document.querySelector('.night progress').value") < Loudest)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await open.PressAsync("n");
        Tell("all in a row, 2 s before and after each: N twice", 2, Stopwatch.GetElapsedTime(began), events);
    }

    private static async Task HeardAsync(OpenPage open, int row, Loud loud)
    {
        var end = loud.End.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);
        var condition = $"document.querySelector('.queue [aria-selected=true]')?.id === 'section-{row}' && document.querySelector('.detail-head time').textContent >= '{end}'";
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await open.Page.EvaluateAsync<bool>(condition))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private async Task<OpenPage> OpenAsync() => await browser.WatchAsync(new Uri(archive.Address, $"?day={archive.Folder.Day:yyyy-MM-dd}"), width: 1440, height: 900);

    private async Task<Loud[]> LoudestAsync() =>
    [
        .. (await archive.AskAsync($"api/sections?from={archive.Folder.Day:yyyy-MM-dd}&to={archive.Folder.Day:yyyy-MM-dd}")).GetProperty("sections").EnumerateArray()
            .Select(s => new Loud(s.GetProperty("start").GetDateTimeOffset(), s.GetProperty("end").GetDateTimeOffset(), s.GetProperty("score").GetDouble()))
            .Where(s => s.Start >= archive.Folder.At(0))
            .OrderByDescending(s => s.Score).ThenBy(s => s.Start).Take(Loudest),
    ];

    private static void Tell(string how, int keys, TimeSpan took, Loud[] events) => TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| the {Loudest} loudest of a day heard, from opening the page on ({how}) | {keys} keys, {took.TotalSeconds:0.0} s; they last {events.Sum(e => (e.End - e.Start).TotalSeconds):0.0} s |"));

    private sealed record Loud(DateTimeOffset Start, DateTimeOffset End, double Score);
}
