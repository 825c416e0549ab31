using Isr.Tests.Access;
using Microsoft.Playwright;

namespace Isr.Browser.Tests;

[Collection(Journeys.Name)]
public sealed class SignInPageTests(Support.Browser browser) : IAsyncLifetime
{
    private readonly GuardedProgram _program = new();

    private Uri Address => new($"http://127.0.0.1:{_program.Port}/");

    public ValueTask InitializeAsync() => _program.InitializeAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Who_has_the_password_gets_in_and_out_again()
    {
        await using var open = await browser.WatchAsync(Address, width: 320, height: 640);
        var page = open.Page;

        // Keys alone: the field has the focus.
        await page.Keyboard.TypeAsync("not the password");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await open.ShootAsync($"sign-in-phone-{scheme.ToString().ToLowerInvariant()}");
            Assert.Empty(await open.ViolationsAsync());
        }

        Assert.False(await open.IsWiderThanItsWindowAsync());

        await page.GetByLabel("Password").FillAsync(GuardedProgram.ManagePassword);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".queue").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("Password").WaitForAsync();
        await page.GotoAsync(Address.ToString());
        Assert.EndsWith("/signin", page.Url, StringComparison.Ordinal);
    }
}
