using System.IO.Compression;
using System.Security.Cryptography;
using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Bulk;

/// <summary>Many recordings at once: selected, deleted, put back, downloaded.</summary>
public sealed class BulkTests(Support.Browser browser)
{
    private const string Sums = "document.querySelector('.selected .sums')?.innerText";

    [Fact]
    public async Task Ranges_are_selected_with_shift_over_days_and_by_keys_alone()
    {
        await using var archive = await BulkArchive.StartAsync();
        await using var open = await OpenAsync(archive, BulkArchive.LastDay, BulkArchive.GateDay);

        // From the tenth of one day to the third of the next.
        await Box(open, BulkArchive.LastDay, 9).ClickAsync();
        await open.UntilAsync($"{Sums} === '1 selected, 0:00:00 h, 4.0 kB'", Sums);
        await Box(open, BulkArchive.GateDay, 2).ClickAsync(new LocatorClickOptions { Modifiers = [KeyboardModifier.Shift] });
        await open.UntilAsync($"{Sums} === '6 selected, 0:00:02 h, 24 kB'", Sums);
        Assert.Equal("some", await ShareAsync(open, BulkArchive.LastDay));
        Assert.Equal("", await open.Page.EvaluateAsync<string>("getSelection().toString()"));

        await open.PressAsync("Escape");
        await open.UntilAsync("document.querySelector('.selected') === null");
        await Box(open, BulkArchive.GateDay, 0).FocusAsync();
        await open.PressAsync(" ", "ArrowDown", "ArrowDown", "ArrowDown", "Shift+ ", "ArrowUp", " ");
        await open.UntilAsync($"{Sums}?.startsWith('3 selected')", Sums);
        bool[] picked = [true, true, false, true, false];
        Assert.Equal(picked, await open.Page.EvaluateAsync<bool[]>($"[...document.querySelectorAll('#day-{BulkArchive.GateDay:yyyy-MM-dd}-list input.pick')].slice(0, 5).map((box) => box.checked)"));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task All_that_match_are_selected_whatever_is_shown_and_what_is_gone_is_forgotten()
    {
        await using var archive = await BulkArchive.StartAsync();
        await using var open = await OpenAsync(archive);
        await open.Page.GetByLabel("Filter by name").FillAsync("GATE");
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Select all 12 that match" }).ClickAsync();
        await open.UntilAsync($"{Sums}?.startsWith('12 selected')", Sums);

        // Also of a day that is closed.
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await DayBox(open, BulkArchive.ManyDay).ClickAsync();
        await open.UntilAsync($"{Sums}?.startsWith('242 selected')", Sums);
        Assert.Equal(("all", "all", "none"), (await ShareAsync(open, BulkArchive.ManyDay), await ShareAsync(open, BulkArchive.GateDay), await ShareAsync(open, BulkArchive.LastDay)));

        // Somebody else deletes one, and the first of those that the list shows is taken out here.
        using (var answer = await archive.Http.DeleteAsync(new Uri("api/files/" + archive.Files.Keys.First(f => f.StartsWith("gate", StringComparison.Ordinal)), UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.True(answer.IsSuccessStatusCode);
        }

        await open.UntilAsync($"{Sums}?.startsWith('241 selected')", $"{Sums} + document.querySelector('main').innerText");
        await DayBox(open, BulkArchive.ManyDay).ClickAsync();
        await open.UntilAsync($"{Sums}?.startsWith('11 selected')", Sums);
        await open.Page.GetByLabel("Filter by name").FillAsync("hall");
        await open.UntilAsync($"{Sums}?.includes('11 not in this list')", Sums);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Many_are_deleted_what_is_protected_is_named_and_one_key_puts_all_back()
    {
        await using var archive = await BulkArchive.StartAsync();
        var kept = archive.Files.Keys.Order(StringComparer.Ordinal).First(f => f.Contains($"{BulkArchive.ManyDay:yyyyMMdd}", StringComparison.Ordinal));
        await archive.ProtectAsync(kept);
        await using var open = await OpenAsync(archive);
        await DayBox(open, BulkArchive.ManyDay).ClickAsync();
        await open.Page.GetByRole(AriaRole.Group, new() { Name = "Selected" }).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        var dialog = open.Page.GetByRole(AriaRole.Dialog);
        Assert.Contains("Delete 230 recordings?", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("0:00:58 h, 930 kB, Wed 20 May 2026. They stay in the trash for a week", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Alert).WaitForAsync();
        Assert.Contains("229 recordings deleted, 1 not.", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(kept, await dialog.GetByRole(AriaRole.List).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("protect", await dialog.GetByRole(AriaRole.List).InnerTextAsync(), StringComparison.OrdinalIgnoreCase);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await open.UntilAsync($"{Sums}?.startsWith('1 selected')", Sums);
        Assert.Equal(archive.Files.Count - 229, archive.FilesNow().Count);
        Assert.Contains("Deleted 229 recordings", await open.Page.Locator(".undo").InnerTextAsync(), StringComparison.Ordinal);

        await open.PressAsync("z");
        await open.UntilAsync("document.querySelector('.undo')?.textContent.includes('229 recordings are back.')", "document.querySelector('.undo')?.textContent");
        Assert.Equal(archive.Files, archive.FilesNow());
        await open.UntilAsync($"document.querySelector('#day-{BulkArchive.ManyDay:yyyy-MM-dd}-name').closest('button').textContent.includes('230 files')");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task One_row_is_deleted_the_same_way_and_what_is_being_recorded_stays()
    {
        await using var archive = await BulkArchive.StartAsync();
        await using var open = await OpenAsync(archive, BulkArchive.GateDay);

        // The newest of the gate's, and its tombstone has the focus.
        var name = archive.Files.Keys.Where(f => f.StartsWith("gate", StringComparison.Ordinal)).Max(StringComparer.Ordinal)!;
        await open.Page.GetByRole(AriaRole.Button, new() { Name = $"Delete {name}" }).ClickAsync();
        await open.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await open.UntilAsync($"document.activeElement.ariaLabel === 'Undo: put {name} back'", "document.activeElement.outerHTML");
        Assert.DoesNotContain(name, archive.FilesNow().Keys, StringComparer.Ordinal);
        await open.PressAsync("Enter");
        await open.UntilAsync($"document.activeElement.ariaLabel === 'Play {name}'", "document.activeElement.outerHTML");
        Assert.Equal(archive.Files, archive.FilesNow());

        // All, one of which grows.
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Select all 255" }).ClickAsync();
        await open.UntilAsync($"{Sums}?.includes('1 being recorded')", Sums);
        await open.Page.GetByRole(AriaRole.Group, new() { Name = "Selected" }).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        var dialog = open.Page.GetByRole(AriaRole.Dialog);
        Assert.Contains("Delete 254 recordings?", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("1 is being recorded, which cannot be deleted.", await dialog.InnerTextAsync(), StringComparison.Ordinal);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        Assert.Empty(archive.FilesNow());
        await open.UntilAsync($"{Sums}?.startsWith('1 selected')", Sums);
        Assert.True(await open.Page.EvaluateAsync<bool>("document.activeElement !== document.body"));
        await open.UntilAsync("document.querySelector('.toolbar .count').textContent === '1 shown'", "document.querySelector('.toolbar').innerText");

        await open.PressAsync("z");
        await open.UntilAsync("document.querySelector('.undo')?.textContent.includes('254 recordings are back.')", "document.querySelector('.undo')?.textContent");
        Assert.Equal(archive.Files, archive.FilesNow());
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task What_is_selected_comes_as_one_zip_byte_for_byte_and_a_refusal_is_a_sentence()
    {
        await using var archive = await BulkArchive.StartAsync();
        await using var open = await OpenAsync(archive);
        await DayBox(open, BulkArchive.GateDay).ClickAsync();
        await DayBox(open, BulkArchive.ManyDay).ClickAsync();
        await open.UntilAsync($"{Sums}?.startsWith('242 selected')", Sums);
        var button = open.Page.GetByRole(AriaRole.Button, new() { Name = "Download zip" });
        var download = await open.Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());

        Assert.EndsWith(".zip", download.SuggestedFilename, StringComparison.Ordinal);
        await using (var zip = await ZipFile.OpenReadAsync(await download.PathAsync(), TestContext.Current.CancellationToken))
        {
            var entries = zip.Entries.ToDictionary(e => e.FullName, HashOf, StringComparer.Ordinal);
            Assert.Equal(archive.Files.Where(f => !f.Key.Contains($"{BulkArchive.LastDay:yyyyMMdd}", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal), entries);
        }

        await open.UntilAsync("document.querySelector('.selected .said').textContent.startsWith('Downloading ')", "document.querySelector('.selected').textContent");

        // What the list does not know to be gone yet. The browser complains of a refused request by itself.
        await open.Page.RouteAsync("**/api/events*", route => route.AbortAsync());
        Assert.Empty(open.Complaints);
        var gone = archive.Files.Keys.First(f => f.StartsWith("gate", StringComparison.Ordinal));
        await open.Page.EvaluateAsync("(name) => { const { fetch } = window; window.fetch = async (path, init) => { if (path === 'api/zip') { await fetch(`api/files/${name}`, { method: 'DELETE' }); } return fetch(path, init); }; }", gone);
        await button.ClickAsync();
        await open.UntilAsync("document.querySelector('.selected .said.failed')", "document.querySelector('.selected').textContent");
        Assert.Contains(gone, await open.Page.Locator(".selected .said").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("view=recordings", open.Page.Url, StringComparison.Ordinal);
    }

    private static string HashOf(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        return Convert.ToHexString(SHA256.HashData(content));
    }

    /// <summary>The recordings, with these days open and no other.</summary>
    private async Task<OpenPage> OpenAsync(BulkArchive archive, params DateOnly[] days)
    {
        var open = await browser.WatchAsync(archive.Address, width: 1440, height: 900);
        await open.UntilAsync("document.querySelectorAll('.day').length >= 4 && document.querySelector('.day li.recording')");
        await open.Page.EvaluateAsync("document.querySelectorAll('.day h3 [aria-expanded=true]').forEach((button) => button.click())");
        foreach (var day in days)
        {
            await open.Page.EvaluateAsync($"document.getElementById('day-{day:yyyy-MM-dd}-name').closest('button').click()");
            await open.UntilAsync($"document.querySelectorAll('#day-{day:yyyy-MM-dd}-list input.pick').length >= {BulkArchive.FewEachDay}");
        }

        await open.UntilQuietAsync();
        return open;
    }

    private static ILocator Box(OpenPage open, DateOnly day, int row) => open.Page.Locator($"#day-{day:yyyy-MM-dd}-list input.pick").Nth(row);

    private static ILocator DayBox(OpenPage open, DateOnly day) => open.Page.Locator($".day:has(#day-{day:yyyy-MM-dd}-name) .head input.pick");

    private static async Task<string> ShareAsync(OpenPage open, DateOnly day) => await DayBox(open, day).EvaluateAsync<string>("(box) => (box.indeterminate ? 'some' : box.checked ? 'all' : 'none')");
}
