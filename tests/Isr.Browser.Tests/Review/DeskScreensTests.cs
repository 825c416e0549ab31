using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>At a desk, with a wide window and a narrow one.</summary>
public sealed class DeskScreensTests(Support.Browser browser) : Screens(browser)
{
    [Fact]
    public async Task Nothing_on_any_view_is_out_of_reach_on_a_desk()
    {
        await using var open = await OpenAsync(1440, 900, hasTouch: false);
        await AssertInReachAsync(open, async (name, found) =>
        {
            found.AddRange(await LookAsync(open, $"{name}-dark"));
            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
            found.AddRange(await LookAsync(open, $"{name}-light", coloursOnly: true));
            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });

            // The same elements in the same colours: only their places are others.
            await open.Page.SetViewportSizeAsync(1024, 700);
            found.AddRange(await LookAsync(open, $"{name}-narrow-dark", coloursOnly: null));
            await open.Page.SetViewportSizeAsync(1440, 900);
        });
    }
}
