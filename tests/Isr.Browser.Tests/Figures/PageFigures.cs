using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Isr.Benchmarks;
using Isr.Browser.Tests.Support;
using Isr.Tests.EndToEnd;

namespace Isr.Browser.Tests.Figures;

/// <summary>What the page takes of time and memory. No tests: `./bench.sh page` runs them, one after another.</summary>
public sealed class PageFigures(ReviewArchive archive, Support.Browser browser)
{
    private const int Rounds = 7;

    [Fact(Explicit = true)]
    public void Size()
    {
        var assets = Path.Combine(Repository(), "src", "Isr", "wwwroot");
        var total = 0L;
        foreach (var path in Directory.EnumerateFiles(assets, "*", SearchOption.AllDirectories).Where(p => Path.GetExtension(p) is ".js" or ".css" or ".html" or ".svg"))
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                gzip.Write(File.ReadAllBytes(path));
            }

            total += packed.Length;
        }

        Tell($"| the client, gzip, without fonts | {total / 1000.0:0.0} kB |");
    }

    [Fact(Explicit = true)]
    public async Task First_paint_with_50000_recordings()
    {
        using var folder = new ProgramFolder();
        var day = new DateOnly(2026, 5, 1);
        LargeArchive.Write(folder.Recordings);
        LargeArchive.WriteLevels(folder.Recordings, day);
        await using var program = IsrProgram.Start(folder, ["web", "--dir", folder.Recordings], withPage: true);
        await program.UntilServingAsync();
        foreach (var (name, query, ready) in new[]
        {
            ("the day view, 10 sources", $"?day={day:yyyy-MM-dd}", "document.querySelectorAll('.timeline [role=slider]').length === 10 && document.querySelector('.queue .row')"),
            ("the recordings, by days", "?view=recordings", "document.querySelectorAll('#main :is(h2, h3)').length >= 100"),
        })
        {
            // What is never there is said with what is there instead.
            await using (var first = await browser.WatchAsync(new Uri(program.Http.BaseAddress!, query), width: 1440, height: 900))
            {
                await first.UntilAsync(ready);
            }

            var (paint, useful) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                await using var open = await browser.WatchAsync(new Uri(program.Http.BaseAddress!, query), width: 1440, height: 900);
                useful.Add(await open.Page.EvaluateAsync<double>(
                    $$"""
                    (async () => {
                      while (!({{ready}})) await new Promise(requestAnimationFrame);
                      await new Promise(requestAnimationFrame);
                      return performance.now();
                    })()
                    """));
                paint.Add(await open.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"));
            }

            Tell($"| first paint, {name}: median, worst of {Rounds} | {Median(paint):0} ms, {paint.Max():0} ms |");
            Tell($"| lists and lanes are there, {name} | {Median(useful):0} ms, {useful.Max():0} ms |");
        }
    }

    [Fact(Explicit = true)]
    public async Task Dragging_a_day()
    {
        await using var open = await browser.WatchAsync(new Uri(archive.Address, $"?day={archive.Folder.Day:yyyy-MM-dd}"), width: 1440, height: 900);
        await open.UntilQuietAsync();
        var lane = (await open.Page.Locator(".timeline [role=slider]").First.BoundingBoxAsync())!;
        foreach (var (name, zoom) in new[] { ("a day of 3 sources in files of an hour", 0), ("an hour of it", 5) })
        {
            var (x, y) = (lane.X + (lane.Width / 2), lane.Y + (lane.Height / 2));
            await open.Page.Mouse.MoveAsync(x, y);
            for (var i = 0; i < zoom; i++)
            {
                await open.PressAsync("+");
            }

            await open.UntilQuietAsync();
            var trace = await FrameTrace.BeginAsync(open.Page);
            await open.Page.Mouse.DownAsync();
            for (var i = 0; i < 300; i++)
            {
                await open.Page.Mouse.MoveAsync(x + (300 * MathF.Sin(i / 20f)), y);
            }

            await open.Page.Mouse.UpAsync();
            var (frames, longTasks) = await trace.EndAsync();
            Tell($"| script per frame, dragging {name}: median, 95 %, worst of {frames.Length} | {frames[frames.Length / 2]:0.0}, {frames[frames.Length * 95 / 100]:0.0}, {frames[^1]:0.0} ms |");
            Tell($"| tasks of more than 50 ms meanwhile | {longTasks.Length} |");
        }
    }

    /// <summary>Minutes are ISR_PAGE_MINUTES, 60 when it is not set.</summary>
    [Fact(Explicit = true)]
    public async Task Memory_while_it_is_open()
    {
        var minutes = int.TryParse(Environment.GetEnvironmentVariable("ISR_PAGE_MINUTES"), CultureInfo.InvariantCulture, out var asked) ? asked : 60;
        await using var open = await browser.WatchAsync(new Uri(archive.Address, $"?day={archive.Folder.Day:yyyy-MM-dd}"), width: 1440, height: 900);
        await open.UntilQuietAsync();
        var session = await open.Page.Context.NewCDPSessionAsync(open.Page);
        var began = Stopwatch.GetTimestamp();
        var keys = new[] { "i", "i", "i", "k", "+", "+", "d", "-", "-", "u", "0" };
        for (var minute = 0; minute <= minutes; minute++)
        {
            // As somebody who goes through the day: a key every five seconds, each plays or moves something.
            for (var i = 0; Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(minute); i++)
            {
                await open.PressAsync(keys[(minute + i) % keys.Length]);
                await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            if (minute is 0 or 1 or 2 or 5 or 10 || minute % 15 == 0)
            {
                await session.SendAsync("HeapProfiler.collectGarbage");
                var heap = (await session.SendAsync("Runtime.getHeapUsage"))!.Value;
                var counters = (await session.SendAsync("Memory.getDOMCounters"))!.Value;
                Tell($"| after {minute} min: script heap, DOM nodes, listeners | {Megabytes(heap, "usedSize")} MB, {counters.GetProperty("nodes")}, {counters.GetProperty("jsEventListeners")} |");
            }
        }
    }

    private static string Megabytes(JsonElement of, string name) => (of.GetProperty(name).GetDouble() / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Tell(FormattableString row) => TestContext.Current.TestOutputHelper!.WriteLine(row.ToString(CultureInfo.InvariantCulture));

    /// <summary>artifacts/bin/Isr.Browser.Tests/CONFIGURATION lies in it.</summary>
    private static string Repository() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.Parent!.FullName;
}
