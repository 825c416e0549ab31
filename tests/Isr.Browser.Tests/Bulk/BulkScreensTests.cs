using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Bulk;

/// <summary>What is selected, and what is asked of it, in every theme and on a phone: nothing out of reach of anybody.</summary>
public sealed class BulkScreensTests(Support.Browser browser)
{
    [Fact]
    public async Task Nothing_of_the_selection_is_out_of_reach()
    {
        await using var archive = await BulkArchive.StartAsync();
        await archive.ProtectAsync(archive.Files.Keys.First(f => f.StartsWith("gate", StringComparison.Ordinal)));
        var found = new List<string>();
        foreach (var (name, width, height, isPhone) in new[] { ("desk", 1440, 900, false), ("phone", 390, 844, true) })
        {
            await using var open = await browser.WatchAsync(archive.Address, ColorScheme.Dark, width, height, isPhone);
            await open.UntilAsync("document.querySelector('.day li.recording')");
            await open.Page.EvaluateAsync($"document.getElementById('day-{BulkArchive.GateDay:yyyy-MM-dd}-name').closest('button').click()");
            await open.Page.Locator($".day:has(#day-{BulkArchive.GateDay:yyyy-MM-dd}-name) .head input.pick").ClickAsync();
            await open.Page.Locator(".day li.recording input.pick").First.ClickAsync();
            await open.UntilAsync("document.querySelector('.selected')?.innerText.includes('being recorded')");
            await open.UntilQuietAsync();
            await LookAsync(open, $"selected-{name}", found);

            // Its targets, and the boxes of rows.
            var least = isPhone ? 44 : 24;
            found.AddRange(await open.Page.EvaluateAsync<string[]>(
                $"[...document.querySelectorAll('input.pick, .selected button')].map((e) => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width > 0 && (b.width < {least} || b.height < {least})).map(([e, b]) => `{name}: ${{e.ariaLabel ?? e.textContent}} is ${{b.width}} by ${{b.height}}`)"));

            await open.Page.Locator(".selected").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
            await open.UntilAsync("document.querySelector('dialog.ask')?.open");
            await LookAsync(open, $"delete-many-{name}", found);
            if (isPhone)
            {
                await open.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
                await open.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert).WaitForAsync();
                await LookAsync(open, $"delete-refused-{name}", found);
                await open.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
                await LookAsync(open, $"deleted-many-{name}", found);
            }

            Assert.Equal([], open.Complaints);
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static async Task LookAsync(OpenPage open, string name, List<string> found)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await open.DrawnAsync();
            await open.ShootAsync($"{name}-{scheme.ToString().ToLowerInvariant()}");
            found.AddRange((await open.ViolationsAsync(coloursOnly: scheme == ColorScheme.Light)).Select(f => $"{name}: {f}"));
        }

        if (await open.IsWiderThanItsWindowAsync())
        {
            found.Add($"{name}: wider than its window");
        }
    }
}
