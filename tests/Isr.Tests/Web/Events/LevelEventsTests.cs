using System.Text.Json;
using Isr.Analysis;
using Isr.Analysis.Worker;
using Isr.Audio.Levels;
using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording;
using Isr.Tests.Support;
using Isr.Web;
using Isr.Web.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Isr.Tests.Web.Events;

public sealed class LevelEventsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly LiveMeters _meters = new();

    [Fact]
    public void An_event_has_all_sources_with_news()
    {
        var events = new LevelEvents(_meters);
        Show("mic", 691, [923, 0], 0);
        events.Begin();
        Assert.False(events.Read());

        Show("mic", 691, [923, 0], 7);
        Show("line \"1\"", 0, [1], 0);
        Assert.True(events.Read());
        using var all = JsonDocument.Parse(events.Json(Sources())!);
        var mic = all.RootElement.EnumerateArray().Single(e => e.GetProperty("source").GetString() == "mic");
        Assert.Equal("""{"source":"mic","rms":-43.2,"peak":[-31,null],"clipped":7}""", mic.GetRawText());
        Assert.Equal(2, all.RootElement.GetArrayLength());
        Assert.False(events.Read());

        Show("line \"1\"", 100_000, [32_768], 800);
        Assert.True(events.Read());
        Assert.Null(events.Json(Sources("mic")));
        Assert.Equal("""[{"source":"line \u00221\u0022","rms":0,"peak":[0],"clipped":800}]""", events.Json(Sources("mic", "line \"1\"")));
    }

    [Fact]
    public void A_listener_that_does_not_keep_up_misses_levels_and_nothing_else()
    {
        var listener = new LiveListener { WantsLevels = true };
        listener.Tell(new LiveEvent(1, "recording", "first"));
        for (var i = 0; i < 1000; i++)
        {
            listener.TellLevels($"{i}");
        }

        listener.Tell(new LiveEvent(2, "source", "second"));

        Assert.Equal([("recording", "first"), ("levels", "999"), ("source", "second")], ReadAll(listener));
        listener.TellLevels("new");
        Assert.Equal([("levels", "new")], ReadAll(listener));
    }

    [Fact]
    public async Task Levels_are_told_ten_times_a_second_and_only_while_somebody_asks()
    {
        using var directory = new TemporaryDirectory();
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 12, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        await using var rig = new CatalogRig(directory.Path, directory.File(".isr"), time);
        var store = new LevelStore(new AnalysisOptions(directory.Path, directory.File("levels")));
        await using var worker = new DecodingWorker(time, new CollectedLog<DecodingWorker>());
        using var analysis = new LevelRequests(store, worker, time, new CollectedLog<LevelRequests>());
        var keeping = new KeepingOptions(directory.Path, directory.File(".isr"));
        var marks = new MarkWatch(new MarkStore(keeping), new LabelStore(keeping, new CollectedLog<LabelStore>()));
        using var events = new LiveEvents(rig.Updater, new ActiveFiles(directory.Path, time), time, analysis, marks, _meters);
        await events.StartAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => time.PendingTimers == 1, s_patience, "the status is followed");
        var plain = new LiveListener();
        events.Subscribe(plain, TestContext.Current.CancellationToken);
        Show("mic", 1000, [1000], 0);
        Assert.Equal(1, time.PendingTimers);

        using var leaving = new CancellationTokenSource();
        var listener = new LiveListener { WantsLevels = true };
        events.Subscribe(listener, leaving.Token);
        await Wait.UntilAsync(() => time.PendingTimers == 2, s_patience, "levels are followed");
        for (var i = 0; i < 5; i++)
        {
            Show("mic", 1000, [1000], 1);
            Show("mic", 1000, [1000], 1);
            time.Advance(TimeSpan.FromMilliseconds(50));
            time.Advance(TimeSpan.FromMilliseconds(50));
            Assert.True(await listener.WaitToReadAsync(TestContext.Current.CancellationToken));
            var told = Assert.Single(ReadAll(listener));
            Assert.Equal(("levels", """[{"source":"mic","rms":-40,"peak":[-30.3],"clipped":2}]"""), told);
        }

        await leaving.CancelAsync();
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return time.PendingTimers == 1;
            },
            s_patience,
            () => $"{time.PendingTimers} timers");
        Assert.Empty(ReadAll(plain));
        await events.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_page_gets_levels_when_it_asks_of_the_sources_it_asks_for()
    {
        using var directory = new TemporaryDirectory();
        using var host = RunCommand.Build(Settings.ForFolder(directory.File("rec")), new WebOptions { Port = 0 }, RunParts.All, log: null);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var page = new Uri(((WebApplication)host).Urls.Single());
        var meters = host.Services.GetRequiredService<LiveMeters>();
        using var http = new HttpClient();
        async Task<StreamReader> AskAsync(string query) => new(await http.GetStreamAsync(new Uri(page, $"/api/events{query}"), TestContext.Current.CancellationToken));
        using var plain = await AskAsync("");
        using var all = await AskAsync("?levels=1");
        using var some = await AskAsync("?levels=b&levels=c%20d");

        using var stop = new CancellationTokenSource();
        var showing = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    foreach (var source in (string[])["a", "b", "c d"])
                    {
                        Show(source, 1000, [1000, 2000], 0, meters);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
                }
            },
            TestContext.Current.CancellationToken);

        // One that falls between two sources' windows has not all of them.
        var (toldToAll, toldToSome) = (Sources(), Sources());
        for (var i = 0; i < 5; i++)
        {
            toldToAll.UnionWith(await NextLevelsAsync(all));
            toldToSome.UnionWith(await NextLevelsAsync(some));
        }

        Assert.Equal("a,b,c d", string.Join(',', toldToAll.Order(StringComparer.Ordinal)));
        Assert.Equal("b,c d", string.Join(',', toldToSome.Order(StringComparer.Ordinal)));

        await host.StopAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await showing;
        Assert.Matches("^retry: 3000\nid: [0-9a-f]{8}-0\n\n$", await plain.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_page_alone_has_no_levels_to_tell()
    {
        using var directory = new TemporaryDirectory();
        using var host = RunCommand.Build(Settings.ForFolder(directory.File("rec")), new WebOptions { Port = 0 }, RunParts.Page, log: null);
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var events = new StreamReader(
            await http.GetStreamAsync(new Uri(new Uri(((WebApplication)host).Urls.Single()), "/api/events?levels=1"), TestContext.Current.CancellationToken));

        Assert.Equal("retry: 3000", await events.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Null(host.Services.GetService<LiveMeters>());
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Matches("^id: [0-9a-f]{8}-0\n\n$", await events.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private void Show(string source, uint rms, ushort[] peaks, ushort clipped, LiveMeters? meters = null) =>
        (meters ?? _meters).For(source).Show(new LevelWindow { Rms = rms, Minimum = 0, Maximum = 0, Peaks = peaks, Clipped = clipped });

    private static HashSet<string> Sources(params IEnumerable<string> names) => names.ToHashSet(StringComparer.Ordinal);

    private static List<(string Type, string Data)> ReadAll(LiveListener listener)
    {
        var items = new List<(string, string)>();
        while (listener.TryRead(out var item))
        {
            items.Add((item.Type, item.Data));
        }

        return items;
    }

    private static async Task<List<string>> NextLevelsAsync(StreamReader reader)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == "event: levels")
            {
                using var json = JsonDocument.Parse((await reader.ReadLineAsync(limit.Token))!["data: ".Length..]);
                return [.. json.RootElement.EnumerateArray().Select(e => e.GetProperty("source").GetString()!)];
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
