using Isr.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Review;

/// <summary>On a phone that is held upright.</summary>
public sealed class PhoneScreensTests(Support.Browser browser) : Screens(browser)
{
    [Fact]
    public async Task Nothing_on_any_view_is_out_of_reach_on_a_phone()
    {
        await using var open = await OpenAsync(390, 844, hasTouch: true);
        await AssertInReachAsync(open, async (name, found) =>
        {
            found.AddRange(await LookAsync(open, $"{name}-phone-dark", whole: true));
            if (!OpenPage.TakesPictures)
            {
                // The same colours as on a desk.
                return;
            }

            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
            found.AddRange(await LookAsync(open, $"{name}-phone-light", coloursOnly: true, whole: true));
            await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        });
    }
}
