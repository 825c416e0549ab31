using Isr.Browser.Tests.Support;
using Isr.Tests.Access;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Install;

/// <summary>The page as an app of its own, which opens when its server does not answer.</summary>
public sealed class InstallTests(Support.Browser browser)
{
    [Fact]
    public async Task It_can_be_installed_opens_without_its_server_and_goes_on_when_that_is_back()
    {
        using var folder = new ProgramFolder();
        Directory.CreateDirectory(folder.Recordings);
        var port = IsrProgram.FreePort();
        var address = $"http://127.0.0.1:{port}/";
        string[] words = ["web", "--dir", folder.Recordings, "--port", $"{port}"];
        var program = IsrProgram.Start(folder, words);
        try
        {
            await UntilServingAsync(address);
            await using var open = await browser.WatchAsync(new Uri($"{address}?view=sources"));
            await open.UntilAsync("document.querySelector('header.top')");
            var cdp = await open.Page.Context.NewCDPSessionAsync(open.Page);
            var manifest = (await cdp.SendAsync("Page.getAppManifest"))!.Value;
            Assert.Equal(($"{address}manifest.webmanifest", 0), (manifest.GetProperty("url").GetString(), manifest.GetProperty("errors").GetArrayLength()));
            var errors = (await cdp.SendAsync("Page.getInstallabilityErrors"))!.Value.GetProperty("installabilityErrors").EnumerateArray().Select(e => e.GetProperty("errorId").GetString());
            // Windows of tests are private ones.
            Assert.Equal(["in-incognito"], errors, StringComparer.Ordinal);
            await KeptPage.UntilKeptAsync(open);
            Assert.All(await KeptPage.AddressesAsync(open), url => Assert.Matches($"^{address}(assets/.*)?$", url));
            Assert.Empty(open.Complaints);

            await program.EndAsync(Signal.Interrupt);
            await program.DisposeAsync();
            await open.Page.ReloadAsync();
            await UntilSaidAsync(open);
            await open.ShootAsync("offline-desk-dark");
            Assert.Empty(await open.ViolationsAsync());
            await open.Page.GotoAsync($"{address}?view=recordings");
            await UntilSaidAsync(open);

            // Nothing else is kept.
            Assert.Equal("TypeError", await open.Page.EvaluateAsync<string>("fetch('api/files').catch((error) => error.name)"));

            program = IsrProgram.Start(folder, words);
            await UntilServingAsync(address);
            await open.UntilAsync("document.querySelector('main.recordings')");
        }
        finally
        {
            await program.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_page_to_sign_in_on_is_shown_and_never_kept()
    {
        await using var program = new GuardedProgram();
        await program.InitializeAsync();
        var address = $"http://127.0.0.1:{program.Port}/";
        await using var open = await browser.WatchAsync(new Uri(address));
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("navigator.serviceWorker.getRegistrations().then((all) => all.length)"));
        await open.Page.GetByLabel("Password").FillAsync(GuardedProgram.ListenPassword);
        await open.PressAsync("Enter");
        await open.Page.Locator("header.top").WaitForAsync();
        await KeptPage.UntilKeptAsync(open);
        var kept = await KeptPage.AddressesAsync(open);

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await open.Page.GetByLabel("Password").WaitForAsync();
        await open.Page.GotoAsync(address);
        await open.Page.GetByLabel("Password").WaitForAsync();

        Assert.EndsWith("/signin", open.Page.Url, StringComparison.Ordinal);
        Assert.Equal(kept, await KeptPage.AddressesAsync(open));
        Assert.Contains("<div id=\"page\">", await open.Page.EvaluateAsync<string>("(address) => caches.match(address).then((answer) => answer.text())", address), StringComparison.Ordinal);
    }

    private static Task UntilSaidAsync(OpenPage open) => open.UntilAsync("document.querySelector('[role=alert]')?.textContent.includes('The server does not answer.')");

    private static Task UntilServingAsync(string address) => Wait.UntilAsync(
        async () =>
        {
            using var http = new HttpClient();
            try
            {
                using var answer = await http.GetAsync(new Uri($"{address}healthz"), TestContext.Current.CancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(30),
        () => $"nothing is served at {address}");
}
