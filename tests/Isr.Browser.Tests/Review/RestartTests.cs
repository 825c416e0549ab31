using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Review;

/// <summary>The server goes away and comes back under a page that is open.</summary>
public sealed class RestartTests(Support.Browser browser)
{
    [Fact]
    public async Task A_page_that_is_open_says_that_the_server_is_gone_and_goes_on_when_it_is_back()
    {
        await using var server = new FaultServer();
        var mp3 = await TestAudio.Mp3Async();
        server.Map("/live.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burstSeconds: 4);
        });
        using var folder = new ProgramFolder();
        folder.Configure(1440, ("news", server.Url("/live.mp3")));
        var port = IsrProgram.FreePort();
        string[] words = ["run", "--config", folder.Config, "--port", $"{port}"];
        var program = IsrProgram.Start(folder, words, withPage: false);
        try
        {
            await UntilServingAsync(port);
            await using var open = await browser.WatchAsync(new Uri($"http://127.0.0.1:{port}/"));
            await open.UntilAsync("document.querySelector('.mark.now')");

            await program.EndAsync(Signal.Interrupt);
            await program.DisposeAsync();
            await open.UntilAsync("document.querySelector('.stale')?.textContent.includes('The server does not answer.')");
            program = IsrProgram.Start(folder, words, withPage: false);
            await UntilServingAsync(port);

            await open.UntilAsync("document.querySelector('.stale') === null && document.querySelector('.mark.now')");
            await open.UntilQuietAsync();
            Assert.Contains("news", await open.Page.InnerTextAsync(".timeline"), StringComparison.Ordinal);
        }
        finally
        {
            await program.DisposeAsync();
        }
    }

    private static Task UntilServingAsync(int port) => Wait.UntilAsync(
        async () =>
        {
            using var http = new HttpClient();
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/api/files"), TestContext.Current.CancellationToken);
                return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("\"recording\":true", StringComparison.Ordinal);
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(30),
        () => $"nothing is recorded and served at {port}");
}
