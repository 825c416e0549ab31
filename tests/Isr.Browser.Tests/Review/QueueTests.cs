using System.Globalization;
using System.Text.Json;
using Isr.Browser.Tests.Support;
using Isr.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>What people do with what stands out: hear it, say what it is, keep it, take that back.</summary>
public sealed class QueueTests(Support.Browser browser, QueueTests.Reviewed reviewed) : IClassFixture<QueueTests.Reviewed>, IAsyncLifetime
{
    private const string Rows = "[...document.querySelectorAll('.queue .row')].map((row) => `${row.className} ${[...row.querySelectorAll('.tags > *')].map((tag) => tag.textContent).join(' ')}`.trim())";
    private const string Selected = "document.querySelector('.queue [aria-selected=true]')?.id";
    private const string Playing = "window.__audio.some((audio) => !audio.paused && audio.currentTime > 0)";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>What one said, another is not to find.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var mark in (await reviewed.Archive.AskAsync("api/marks")).EnumerateArray())
        {
            using var answer = await reviewed.Archive.Http.DeleteAsync(new Uri($"api/marks/{mark.GetProperty("id").GetString()}", UriKind.Relative));
            answer.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task A_queue_is_reviewed_by_keys_alone()
    {
        var archive = reviewed.Archive;
        await using var open = await OpenAsync(archive);
        var first = await ClockOfAsync(open, 0);

        // The loudest plays; it is a bird, kept, cut out and reviewed, and the next one plays.
        await open.PressAsync(" ");
        await open.UntilAsync($"{Selected} === 'section-0' && {Playing}", Selected);
        await open.PressAsync("3", "s");
        await open.UntilAsync($"({Rows})[0] === 'row Bird kept'", Rows);
        var download = await open.Page.RunAndWaitForDownloadAsync(() => open.PressAsync("c"));
        Assert.Contains($"_{first:HH-mm}", download.SuggestedFilename, StringComparison.Ordinal);
        await open.PressAsync("r");
        await open.UntilAsync($"({Rows})[0] === 'row reviewed Bird kept reviewed' && {Selected} === 'section-1' && {Playing}", Rows);

        // Not this, and on; taken back; and what was said before that.
        await open.PressAsync("x");
        await open.UntilAsync($"({Rows})[1] === 'row ignored not this' && {Selected} === 'section-2'", Rows);
        await open.PressAsync("z");
        await open.UntilAsync($"({Rows})[1] === 'row'", Rows);
        await open.PressAsync("z");
        await open.UntilAsync($"({Rows})[0] === 'row Bird kept'", Rows);
        await open.PressAsync("u", "u", "3");
        await open.UntilAsync($"({Rows})[0] === 'row kept'", Rows);
        await open.PressAsync("z", "r");
        await open.UntilAsync($"({Rows})[0] === 'row reviewed Bird kept reviewed' && {Selected} === 'section-1'", Rows);

        // What was said is there after a reload, and with other parameters.
        await open.Page.ReloadAsync();
        await open.UntilAsync($"({Rows})[0] === 'row reviewed Bird kept reviewed'", Rows);
        await open.Page.GetByRole(AriaRole.Slider, new PageGetByRoleOptions { Name = "Decibels above noise" }).FocusAsync();
        for (var i = 0; i < 8; i++)
        {
            await open.PressAsync("ArrowRight");
        }

        await open.UntilAsync($"document.querySelector('.queue .count').textContent.match(/^(\\d+) of (\\d+)$/)?.slice(1).reduce((a, b) => b - a) === 1 && ({Rows})[0] === 'row reviewed Bird kept reviewed'", Rows);

        // Its recording is kept from deletion until it is no longer.
        var name = (await archive.AskAsync("api/marks?label=Bird"))[0].GetProperty("file").GetString();
        using var refused = await archive.Http.DeleteAsync(new Uri($"api/files/{name}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal([], open.Complaints);
    }

    [Fact]
    public async Task Marks_survive_a_new_index_another_name_of_the_folder_and_two_people_at_once()
    {
        await using var archive = new ReviewArchive { HasLive = false };
        await archive.InitializeAsync();
        await using (var one = await OpenAsync(archive))
        {
            await using var two = await OpenAsync(archive);
            await one.PressAsync("i", "s");
            await two.PressAsync("i", "5");
            await one.UntilAsync($"({Rows})[0] === 'row Vehicle kept'", Rows);
            await two.UntilAsync($"({Rows})[0] === 'row Vehicle kept'", Rows);
            await two.PressAsync("k", "x");
            await one.UntilAsync($"({Rows}).some((row) => row === 'row ignored not this')", Rows);
        }

        var source = (await archive.AskAsync("api/marks?label=Vehicle"))[0].GetProperty("source").GetString()!;
        var before = await SaidAsync(archive);
        Assert.Equal(2, before.Length);
        var folder = archive.Folder.Recordings;
        await archive.RestartAsync(() =>
        {
            foreach (var index in Directory.EnumerateFiles(archive.Folder.StateDirectory, "catalog.db*"))
            {
                File.Delete(index);
            }

            Directory.Move(Path.Combine(folder, source), Path.Combine(folder, "elsewhere"));
        });
        var files = await archive.AskAsync($"api/files?source={source}");
        Assert.All(files.EnumerateArray(), f => Assert.StartsWith("elsewhere/", f.GetProperty("name").GetString(), StringComparison.Ordinal));
        Assert.NotEqual(0, files.GetArrayLength());
        await using var later = await OpenAsync(archive);
        await later.UntilAsync($"({Rows})[0] === 'row Vehicle kept'", Rows);
        Assert.Equal(before, await SaidAsync(archive));

        // While it runs, too.
        Directory.Move(Path.Combine(folder, "elsewhere"), Path.Combine(folder, "once-more"));
        await Wait.UntilAsync(
            async () => (await archive.AskAsync($"api/files?source={source}")).EnumerateArray().All(f => f.GetProperty("name").GetString()!.StartsWith("once-more/", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30),
            () => "the folder's new name is not seen");
        await later.Page.ReloadAsync();
        await later.UntilAsync($"({Rows})[0] === 'row Vehicle kept'", Rows);
        Assert.Equal([], later.Complaints);
    }

    [Fact]
    public async Task All_that_is_listed_plays_in_a_row_with_a_little_before_and_after_each()
    {
        var archive = reviewed.Archive;
        await using var open = await OpenAsync(archive);
        await open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sorted by score; sort by time" }).ClickAsync();
        await open.Page.GetByRole(AriaRole.Searchbox, new PageGetByRoleOptions { Name = "Find in what the lanes show" }).FillAsync("garden 02:");
        var listed = archive.Folder.Bursts.Where(b => b.Source == ReviewFolder.Garden && b.Start >= archive.Folder.At(2) && b.Start < archive.Folder.At(3)).ToList();
        await open.UntilAsync($"document.querySelectorAll('.queue .row').length === {listed.Count}", Rows);
        await open.Page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Speed" }).SelectOptionAsync("4");
        await open.Page.EvaluateAsync("document.activeElement.blur()");
        await open.PressAsync("n");
        await open.UntilAsync("document.querySelector('.night progress')?.value === 1", "document.querySelector('.night')?.textContent");
        await open.PressAsync(" ");
        await open.UntilAsync($"!({Playing})");
        await open.PressAsync(" ");
        await open.UntilAsync($"document.querySelector('.night')?.textContent.startsWith('{listed.Count} sections heard')", "document.querySelector('.night')?.textContent");

        var heard = await open.HeardAsync(archive.Folder.Zone);
        Assert.All(heard, h => Assert.Equal(ReviewFolder.Garden, h.Source));
        foreach (var burst in listed)
        {
            var during = Assert.Single(heard, h => h.From < burst.End && burst.Start < h.To);
            Assert.InRange((during.From - burst.Start).TotalSeconds, -2.1, -1.9);
            // Where it ends is looked at now and then only, and four seconds sound in one.
            Assert.InRange((during.To - burst.End).TotalSeconds, 1.9, 5.9);
        }

        Assert.Equal(listed.Count, heard.Count);
        await open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Mark reviewed" }).ClickAsync();
        await open.UntilAsync("[...document.querySelectorAll('.queue .row')].every((row) => row.matches('.reviewed'))", Rows);
        await open.PressAsync("z");
        await open.UntilAsync("[...document.querySelectorAll('.queue .row')].every((row) => !row.matches('.reviewed'))", Rows);

        // Stopped by a key, and by playing something else.
        await open.PressAsync("n");
        await open.UntilAsync("document.querySelector('.night progress')");
        await open.PressAsync("Escape");
        await open.UntilAsync($"!({Playing}) && document.querySelector('.night progress') === null");
        await open.PressAsync("n");
        await open.UntilAsync($"document.querySelector('.night progress') && {Playing}", "document.querySelector('.night')?.textContent + ' ' + document.querySelector('.transport').textContent + ' ' + location.search");
        await open.Page.Locator(".queue .row").Nth(3).ClickAsync();
        await open.UntilAsync($"document.querySelector('.night progress') === null && {Playing} && {Selected} === 'section-3'", Selected);
        Assert.Equal([], open.Complaints);
    }

    [Fact]
    public async Task Thumbs_review_by_swipes()
    {
        var archive = reviewed.Archive;
        await using var open = await browser.WatchAsync(new Uri(archive.Address, $"?day={archive.Folder.Day:yyyy-MM-dd}"), width: 390, height: 844, hasTouch: true);
        await open.UntilQuietAsync();
        await using var fingers = await Fingers.OnAsync(open.Page);
        await open.Page.Locator(".queue .row").First.TapAsync();
        await open.UntilAsync($"{Selected} === 'section-0' && {Playing}", Selected);

        await fingers.SwipeAsync("#section-0", 160);
        await open.UntilAsync($"({Rows})[0] === 'row reviewed reviewed' && {Selected} === 'section-1' && {Playing}", Rows);
        await fingers.SwipeAsync("#section-2", -160);
        await open.UntilAsync($"({Rows})[2] === 'row ignored not this' && {Selected} === 'section-1'", Rows);
        await fingers.SwipeAsync("#section-1", 40);
        // By pointer: a tap that ends a fling does nothing else.
        await open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).ClickAsync();
        await open.UntilAsync($"({Rows})[2] === 'row' && ({Rows})[1] === 'row'", $"({Rows}).slice(0, 4).join(', ') + ' ' + document.querySelector('.unseen[role=status]').textContent");
        Assert.Equal([], open.Complaints);
    }

    [Fact]
    public async Task Who_reads_by_ear_is_told_what_there_is_and_what_became_of_it()
    {
        var archive = reviewed.Archive;
        await using var open = await OpenAsync(archive);
        const string Said = "document.querySelector('.unseen[role=status]').textContent";
        var first = await ClockOfAsync(open, 0);
        var second = await ClockOfAsync(open, 1);

        await open.PressAsync("i");
        await open.UntilAsync($"{Said}.startsWith('{first:HH:mm:ss}, ') && {Said}.endsWith('decibels above noise')", Said);
        await open.PressAsync("3");
        await open.UntilAsync($"{Said}.endsWith('Bird {first:HH:mm:ss}')", Said);
        await open.PressAsync("r");
        await open.UntilAsync($"{Said}.includes('Reviewed {first:HH:mm:ss}. {second:HH:mm:ss}, ')", Said);
        await open.PressAsync("z");
        await open.UntilAsync($"{Said}.endsWith('Undone: Reviewed {first:HH:mm:ss}.')", Said);
        await open.PressAsync("s");
        await open.UntilAsync($"({Rows})[1] === 'row kept'", Rows);

        // As a reader sees it: a list of options by name, the one at hand selected; buttons that are pressed; a list that has the focus tells which.
        var list = await open.Page.GetByRole(AriaRole.Listbox, new PageGetByRoleOptions { Name = "To review" }).AriaSnapshotAsync();
        Assert.Matches($"""option "1 {first:HH:mm:ss} \+\d+\.\d decibels above noise, \w+, \d\.\d s Bird"\n""", list);
        Assert.Matches($"""option "2 {second:HH:mm:ss} \+\d+\.\d decibels above noise, \w+, \d\.\d s kept" \[selected\]""", list);
        Assert.Equal("section-1", await open.Page.GetByRole(AriaRole.Listbox, new PageGetByRoleOptions { Name = "To review" }).GetAttributeAsync("aria-activedescendant"));
        var verdict = await open.Page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "The section at hand" }).AriaSnapshotAsync();
        Assert.Contains("button \"Keep\" [pressed]", verdict, StringComparison.Ordinal);
        Assert.Contains("button \"Not this\"", verdict, StringComparison.Ordinal);
        await open.PressAsync("n");
        await open.UntilAsync("document.querySelector('.night progress')");
        var night = await open.Page.GetByRole(AriaRole.Group, new PageGetByRoleOptions { Name = "Playing all" }).AriaSnapshotAsync();
        Assert.Contains("progressbar \"Heard\"", night, StringComparison.Ordinal);
        Assert.Contains("button \"Next section\"", night, StringComparison.Ordinal);
        await open.PressAsync("Escape");
        Assert.Equal([], open.Complaints);
    }

    private async Task<OpenPage> OpenAsync(ReviewArchive archive)
    {
        var open = await browser.WatchAsync(new Uri(archive.Address, $"?day={archive.Folder.Day:yyyy-MM-dd}"));
        await open.UntilQuietAsync();
        await open.UntilAsync("document.querySelectorAll('.queue .row').length > 3");
        return open;
    }

    private static async Task<TimeOnly> ClockOfAsync(OpenPage open, int row) =>
        TimeOnly.Parse(await open.Page.EvaluateAsync<string>($"document.querySelectorAll('.queue .row')[{row}].querySelector('.number + .t').textContent"), CultureInfo.InvariantCulture);

    /// <summary>What was said at all, by when it sounded.</summary>
    private static async Task<string[]> SaidAsync(ReviewArchive archive) =>
    [
        .. (await archive.AskAsync("api/marks")).EnumerateArray().Where(m => !m.GetProperty("protected").GetBoolean())
            .Select(m => $"{m.GetProperty("source").GetString()} {m.GetProperty("from").GetDateTimeOffset():O} {Label(m)} {m.GetProperty("ignored").GetBoolean()}"),
    ];

    private static string Label(JsonElement mark) => mark.GetProperty("label").GetString() ?? "";

    /// <summary>An archive in which things are said: not the one that all classes look at.</summary>
    public sealed class Reviewed : IAsyncLifetime
    {
        public ReviewArchive Archive { get; } = new() { HasLive = false };

        public ValueTask InitializeAsync() => Archive.InitializeAsync();

        public ValueTask DisposeAsync() => Archive.DisposeAsync();
    }
}
