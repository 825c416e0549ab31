using System.Runtime.InteropServices;
using System.Text.Json;
using Isr.Browser.Tests.Support;
using Isr.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>What people do with a day: find, play, seek, change what counts, step, cut, share.</summary>
public sealed class DayJourneyTests(ReviewArchive archive, Support.Browser browser)
{
    private const string Selected = "[...document.querySelectorAll('.queue [aria-selected=true] :is(.number, .number + .t, .what)')].map((part) => part.textContent).join(', ')";
    private const string Playing = "window.__audio.some((audio) => !audio.paused && audio.currentTime > 0)";
    private const string Clock = "document.querySelector('.detail-head time').textContent";

    private string Day => $"{archive.Folder.Day:yyyy-MM-dd}";

    [Fact]
    public async Task Keys_alone_go_through_a_day()
    {
        var loudest = (await SectionsAsync()).OrderByDescending(s => s.Score).ThenBy(s => s.Start).ToList();
        await using var open = await OpenAsync();

        // The loudest plays, and each key leads to the next, by score or by time.
        await open.PressAsync("i");
        await open.UntilAsync($"({Selected}).startsWith('1, {loudest[0].Clock}, {loudest[0].Source}')", Selected);
        await open.UntilAsync(Playing);
        await open.PressAsync("i");
        await open.UntilAsync($"({Selected}).startsWith('2, {loudest[1].Clock}')", Selected);
        var byTime = loudest.OrderBy(s => s.Start).ToList();
        var later = byTime[byTime.IndexOf(loudest[1]) + 1];
        await open.PressAsync("k");
        await open.UntilAsync($"({Selected}).includes('{later.Clock}, {later.Source}')", Selected);
        await open.PressAsync("j");
        await open.UntilAsync($"({Selected}).includes('{loudest[1].Clock}')", Selected);
        await open.PressAsync("u");
        await open.UntilAsync($"({Selected}).startsWith('1, {loudest[0].Clock}')", Selected);

        // Pause, go on by five seconds, mark an end.
        await open.PressAsync(" ");
        await open.UntilAsync($"!({Playing})");
        var before = await open.Page.EvaluateAsync<string>(Clock);
        await open.PressAsync("ArrowRight");
        await open.UntilAsync($"{Clock} !== '{before}'", Clock);
        var after = await open.Page.EvaluateAsync<string>(Clock);
        Assert.Equal(5, (TimeSpan.Parse(after, null) - TimeSpan.Parse(before, null)).TotalSeconds, 0.3);
        await open.PressAsync("]");
        Assert.StartsWith(after[..8], await open.Page.GetByRole(AriaRole.Textbox, new PageGetByRoleOptions { Name = "Cut end" }).InputValueAsync(), StringComparison.Ordinal);

        // A time typed; keys do nothing else meanwhile.
        await open.PressAsync("g");
        await open.Page.Keyboard.TypeAsync("08:10:30");
        await open.PressAsync("Enter");
        await open.UntilAsync("new URLSearchParams(location.search).get('at')?.slice(11, 19) === '08:10:30'", "location.search");
        await open.Page.Keyboard.PressAsync("Escape");
        await open.Page.EvaluateAsync("document.activeElement.blur()");

        // Help, views, zoom.
        await open.PressAsync("?");
        await open.UntilAsync("document.querySelector('dialog.help').open");
        await open.PressAsync("Escape");
        await open.UntilAsync("!document.querySelector('dialog.help').open");
        await open.DrawnAsync();
        await open.PressAsync("+", "+");
        for (var i = 0; i < 4 && !await open.Page.EvaluateAsync<bool>("new Promise((resolve) => setTimeout(() => resolve(location.search.includes('from=')), 1000))"); i++)
        {
            // Chromium under a heavy load drops keys behind a dialog that has just closed.
            await open.PressAsync("+");
        }

        await open.UntilAsync("new URLSearchParams(location.search).has('from')", "location.search");
        await open.PressAsync("0");
        await open.UntilAsync("!new URLSearchParams(location.search).has('from')", "location.search");
        await open.PressAsync("v");
        await open.UntilAsync("location.search.includes('view=recordings')", "location.search");
        await open.PressAsync("v", "v");
        await open.UntilAsync("!location.search.includes('view=')", "location.search");
        Assert.Equal([], open.Complaints);
    }

    [Fact]
    public async Task The_tab_key_reaches_everything_in_order_and_never_gets_stuck()
    {
        await using var open = await OpenAsync();
        await open.PressAsync("i", " ");
        await open.UntilQuietAsync();
        await open.Page.EvaluateAsync("document.activeElement.blur()");

        var seen = new List<string>();
        for (var i = 0; i < 80 && (seen.Count < 2 || seen[^1] != "BODY"); i++)
        {
            await open.PressAsync("Tab");
            seen.Add(await open.Page.EvaluateAsync<string>(
                """
                (() => {
                  const here = document.activeElement;
                  if (here === document.body) return 'BODY';
                  const box = here.getBoundingClientRect();
                  const name = here.ariaLabel ?? here.labels?.[0]?.textContent ?? here.textContent;
                  return `${here.role ?? here.tagName} ${name.trim()}${box.width > 0 && box.height > 0 ? '' : ' (unseen)'}`;
                })()
                """));
        }

        Assert.Contains("BODY", seen, StringComparer.Ordinal);
        Assert.DoesNotContain(seen, s => s.EndsWith("(unseen)", StringComparison.Ordinal));
        var order = new[] { "Skip to the day", "Recordings", "Go to a time or date", "garden", "street", "listbox", "Position", "Cut start", "Pause|Play", "Download", "all keys" };
        var at = -1;
        foreach (var name in order)
        {
            var next = seen.FindIndex(at + 1, s => name.Split('|').Any(n => s.Contains(n, StringComparison.Ordinal)));
            Assert.True(next > at, $"{name} does not follow: {string.Join(", ", seen)}");
            at = next;
        }

        // The skip link goes where it says.
        await open.PressAsync("Tab", "Enter");
        Assert.Equal("main", await open.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task What_counts_as_standing_out_changes_at_once()
    {
        var louder = (await archive.AskAsync($"api/sections?from={Day}&to={Day}&margin=20")).GetProperty("sections").GetArrayLength();
        var all = (await SectionsAsync()).Count;
        Assert.NotEqual(all, louder);
        await using var open = await OpenAsync();
        await open.UntilAsync($"document.querySelector('.queue .count').textContent === '{all}'");

        await open.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "Decibels above noise" }).FocusAsync();
        for (var i = 0; i < 8; i++)
        {
            await open.PressAsync("ArrowRight");
        }

        await open.UntilAsync($"document.querySelector('.queue .count').textContent === '{louder}'", "document.querySelector('.queue .count').textContent");
    }

    [Fact]
    public async Task A_click_on_a_lane_plays_there_and_every_moment_has_an_address()
    {
        await using var open = await OpenAsync();
        var lane = open.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = ReviewFolder.Garden });
        var box = (await lane.BoundingBoxAsync())!;
        await open.Page.Mouse.ClickAsync(box.X + (box.Width * 0.402f), box.Y + (box.Height / 2));

        await open.UntilAsync(Playing);
        await open.UntilAsync("new URLSearchParams(location.search).get('source') === 'garden'", "location.search");
        var at = DateTimeOffset.Parse(await open.Page.EvaluateAsync<string>("new URLSearchParams(location.search).get('at')"), null);
        Assert.Equal(archive.Folder.At(0).AddHours(24 * 0.402), at, TimeSpan.FromMinutes(5));

        var address = new Uri(await open.Page.EvaluateAsync<string>("location.href"));
        await using var other = await browser.WatchAsync(address, ColorScheme.Light);
        await other.UntilAsync($"document.querySelector('.detail-head time')?.textContent.startsWith('{at:HH:mm:ss}')", "document.querySelector('.detail-head')?.textContent");
        Assert.Equal(ReviewFolder.Garden, await other.Page.InnerTextAsync(".detail-head h2"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(22)]
    public async Task What_is_cut_is_sample_for_sample_what_was_recorded(int hour)
    {
        var burst = archive.Folder.Bursts.First(b => b.Source == ReviewFolder.Garden && (hour == 22
            ? b.Start < archive.Folder.At(22) && b.End > archive.Folder.At(22)
            : b.Start >= archive.Folder.At(hour)));

        // People mark whole milliseconds, of which each is eight samples here.
        var (from, to) = (Milliseconds(burst.Start.AddSeconds(-1.003)), Milliseconds(burst.End.AddSeconds(1.007)));
        await using var open = await browser.WatchAsync(new Uri(archive.Address, string.Create(
            null, $"?day={Day}&source=garden&at={Escape(burst.Start)}&cut-from={Escape(from.AddSeconds(-9))}&cut-to={Escape(to.AddSeconds(9))}")));
        await open.UntilAsync("document.querySelector('.cut a[download]') !== null", "document.querySelector('.cut').textContent");
        var cutBar = open.Page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Cut", Exact = true });

        // Who types an end and goes straight on to the download means what is in the field.
        await TypeAsync("Cut start", from);
        await open.PressAsync("Enter");
        await TypeAsync("Cut end", to);
        var download = await open.Page.RunAndWaitForDownloadAsync(() => cutBar.GetByText("Download").ClickAsync());
        var cut = await SamplesAsync(await download.PathAsync());

        var first = from.AddTicks(-((from - archive.Folder.At(0)).Ticks % TimeSpan.TicksPerHour));
        var recorded = (await SamplesAsync(FileAt(first))).Concat(hour == 22 ? await SamplesAsync(FileAt(first.AddHours(1))) : []).ToArray();
        Assert.Equal(Samples(to - from), cut.Length);
        Assert.True(LiesAt(Samples(from - first)), "the cut is not what lies there in the recording");
        Assert.False(LiesAt(Samples(from - first) + 1) || LiesAt(Samples(from - first) - 1), "a cut that is off by a sample would not be noticed");
        Assert.Contains(cut, s => Math.Abs((int)s) > 200);

        async Task TypeAsync(string field, DateTimeOffset time)
        {
            await cutBar.GetByRole(AriaRole.Textbox, new LocatorGetByRoleOptions { Name = field }).SelectTextAsync();
            await open.Page.Keyboard.TypeAsync($"{time:HH:mm:ss.fff}");
        }

        static int Samples(TimeSpan length) => (int)(length.Ticks * ReviewSound.Rate / TimeSpan.TicksPerSecond);
        bool LiesAt(int start) => recorded.AsSpan(start, cut.Length).SequenceEqual(cut);
    }

    /// <summary>The nearest; sums of fractions of a second come out some ticks beside it.</summary>
    private static DateTimeOffset Milliseconds(DateTimeOffset time) =>
        new((time.Ticks + (TimeSpan.TicksPerMillisecond / 2)) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, time.Offset);

    private static string Escape(DateTimeOffset time) => Uri.EscapeDataString(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffK", null));

    private string FileAt(DateTimeOffset start) =>
        Directory.EnumerateFiles(Path.Combine(archive.Folder.Recordings, ReviewFolder.Garden), $"{start:yyyyMMdd_HHmmss}*.flac").Single();

    private static async Task<short[]> SamplesAsync(string path)
    {
        var decoded = await Processes.CheckAsync("flac", ["-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", path]);
        return MemoryMarshal.Cast<byte, short>(decoded.Output).ToArray();
    }

    private async Task<OpenPage> OpenAsync()
    {
        var open = await browser.WatchAsync(new Uri(archive.Address, $"?day={Day}"));
        await open.UntilQuietAsync();
        return open;
    }

    private async Task<List<Found>> SectionsAsync() =>
        [.. (await archive.AskAsync($"api/sections?from={Day}&to={Day}")).GetProperty("sections").EnumerateArray().Select(Found.Of).Where(s => s.Start >= archive.Folder.At(0))];

    private sealed record Found(string Source, DateTimeOffset Start, double Score)
    {
        public string Clock => Start.ToString("HH:mm:ss", null);

        public static Found Of(JsonElement section) => new(
            section.GetProperty("source").GetString()!, section.GetProperty("start").GetDateTimeOffset(), section.GetProperty("score").GetDouble());
    }
}
