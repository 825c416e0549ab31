using Isr.Browser.Tests.Support;
using Isr.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Isr.Browser.Tests.Install;

/// <summary>The built service worker, on a site whose version changes under it.</summary>
public sealed class VersionTests(Support.Browser browser)
{
    private int _version = 1;
    private bool _hasParts = true;

    [Fact]
    public async Task A_version_takes_the_place_of_the_one_before_as_a_whole_or_not_at_all()
    {
        var port = IsrProgram.FreePort();
        var site = await ServeAsync(port);
        await using var open = await browser.WatchAsync(new Uri($"http://127.0.0.1:{port}/below/"));
        await open.Page.EvaluateAsync("navigator.serviceWorker.register('worker.js').then(() => {})");
        await KeptPage.UntilKeptAsync(open);

        // While it is put there: the page is, what it is made of is not yet.
        (_version, _hasParts) = (2, false);
        await open.Page.ReloadAsync();
        Assert.Equal("none", await open.Page.TitleAsync());
        await site.DisposeAsync();
        await open.Page.ReloadAsync();
        await open.UntilAsync("document.title === 'version 1'", "document.title");

        _hasParts = true;
        site = await ServeAsync(port);
        await open.Page.ReloadAsync();
        await open.UntilAsync("document.title === 'version 2'", "document.title");
        await UntilOnlyAsync(open, 2);
        await site.DisposeAsync();
        await open.Page.ReloadAsync();
        await open.UntilAsync("document.title === 'version 2'", "document.title");
    }

    private static async Task UntilOnlyAsync(OpenPage open, int version)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await KeptPage.AddressesAsync(open) is not [_, var part] || !part.EndsWith($"index-{version}.js", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private async Task<WebApplication> ServeAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var site = builder.Build();
        site.MapGet("/below/", () => Results.Content(
            $"""<!doctype html><title>none</title><meta name="shell" content="assets/index-{_version}.js"><script src="assets/index-{_version}.js"></script>""", "text/html"));
        site.MapGet("/below/assets/{name}", (string name) => _hasParts && name == $"index-{_version}.js"
            ? Results.Content($"document.title = 'version {_version}'", "text/javascript")
            : Results.NotFound());
        site.MapGet("/below/worker.js", () => Results.Content(File.ReadAllText(Worker()), "text/javascript"));
        await site.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    /// <summary>As it was built.</summary>
    private static string Worker()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Isr.slnx")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory.FullName, "src", "Isr", "wwwroot", "worker.js");
    }
}
