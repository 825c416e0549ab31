using System.Text;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

public sealed class CredentialsTests
{
    private const string Secret = "ge:h€im";

    private static readonly string s_escaped = Uri.EscapeDataString(Secret);

    [Fact]
    public async Task Those_of_the_settings_are_sent()
    {
        await using var rig = await StreamRig.StartAsync(username: "rec", password: Secret);
        await MapAsync(rig);
        using var sink = new CollectingSink { EnoughFrames = 20 };

        Assert.Equal(EndCause.Stopped, (await rig.RunAsync("/auth", sink)).Cause);
    }

    [Theory]
    [InlineData("/auth")]
    [InlineData("/to-auth")]
    [InlineData("/to-auth-relative")]
    [InlineData("/list-auth")]
    public async Task Those_in_the_address_are_sent_there_and_where_it_points_on_the_same_server(string path)
    {
        await using var rig = await StreamRig.StartAsync(username: "other", password: "wrong");
        await MapAsync(rig);
        using var sink = new CollectingSink { EnoughFrames = 20 };

        var end = await rig.RunAsync(sink, new Uri($"http://rec:{s_escaped}@127.0.0.1:{rig.Server.Port}{path}"));

        Assert.Equal(EndCause.Stopped, end.Cause);
    }

    [Theory]
    [InlineData("/abroad")]
    [InlineData("/list-abroad")]
    public async Task They_do_not_go_to_another_server(string path)
    {
        await using var abroad = new FaultServer();
        await using var rig = await StreamRig.StartAsync(username: "rec", password: Secret);
        await MapAsync(rig);
        rig.Server.Map("/abroad", c => c.SendHeadersAsync("HTTP/1.1 302 Found", $"Location: {abroad.Url("/x")}", "Content-Length: 0"));
        rig.Server.Map("/list-abroad", c => c.SendAsync($"HTTP/1.0 200 OK\r\nContent-Type: audio/x-scpls\r\n\r\n[playlist]\nFile1={abroad.Url("/x")}\n"));
        using var sink = new CollectingSink();

        await rig.RunAsync(path, sink);

        Assert.True(rig.Server.Requests.Single().Headers.ContainsKey("Authorization"));
        Assert.False(abroad.Requests.Single().Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("/wrong")]
    [InlineData("/gone")]
    [InlineData("/page")]
    [InlineData("/silent")]
    [InlineData("/abroad")]
    [InlineData("/closed-port")]
    [InlineData("/no-name")]
    [InlineData("/nonsense")]
    [InlineData("/broken")]
    [InlineData("/loop")]
    [InlineData("/list-wrong")]
    [InlineData("/list-nothing")]
    [InlineData("/hls")]
    [InlineData("/ok")]
    public async Task They_stand_in_no_sentence_log_line_or_fact(string path)
    {
        await using var rig = await StreamRig.StartAsync(username: "other", password: Secret);
        var mp3 = await TestAudio.Mp3Async();
        var authority = $"rec:{s_escaped}@127.0.0.1:{rig.Server.Port}";
        void Redirect(string from, string to) => rig.Server.Map(from, c => c.SendHeadersAsync("HTTP/1.1 302 Found", $"Location: {to}", "Content-Length: 0"));
        void Text(string at, string type, string text) => rig.Server.Map(at, c => c.SendAsync($"HTTP/1.0 200 OK\r\nContent-Type: {type}\r\n\r\n{text}"));
        rig.Server.Map("/wrong", c => c.SendHeadersAsync("HTTP/1.0 401 No", "WWW-Authenticate: Basic", "Content-Length: 0"));
        Text("/page", "text/html", "<html>" + new string(' ', 100));
        Text("/silent", "audio/mpeg", "");
        Redirect("/abroad", $"http://{authority}/wrong?key={s_escaped}");
        Redirect("/closed-port", $"http://rec:{s_escaped}@127.0.0.1:1/x?key={s_escaped}");
        Redirect("/no-name", $"http://rec:{s_escaped}@nobody.invalid/x?key={s_escaped}");
        rig.Server.Map("/nonsense", c => c.SendAsync("no http at all\r\n\r\n"));
        rig.Server.Map("/broken", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK");
            await c.SendBodyAsync(mp3.Bytes(0, 10));
            await c.ResetAsync();
        });
        Redirect("/loop", $"http://{authority}/loop?key={s_escaped}");
        Text("/list-wrong", "audio/x-scpls", $"[playlist]\nFile1=http://{authority}/wrong?key={s_escaped}\n");
        Text("/list-nothing", "audio/x-scpls", "[playlist]\n");
        Text("/hls", "audio/mpegurl", "#EXTM3U\n#EXT-X-VERSION:3\n");
        rig.Server.Map("/ok", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK");
            await c.SendLiveAsync(mp3);
        });
        using var sink = new CollectingSink { EnoughFrames = 20 };

        var end = await rig.RunAsync(sink, new Uri($"http://{authority}{path}?key={s_escaped}"));

        Assert.NotEmpty(end.Sentence);
        foreach (var text in rig.Log.Lines.Append(end.Sentence).Append(sink.Facts?.Url ?? ""))
        {
            Assert.DoesNotContain(s_escaped, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("rec:", text, StringComparison.Ordinal);
        }
    }

    private static async Task MapAsync(StreamRig rig)
    {
        var mp3 = await TestAudio.Mp3Async();
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"rec:{Secret}"));
        rig.Server.Map("/auth", async c =>
        {
            if (c.Request.Headers.GetValueOrDefault("Authorization") != expected)
            {
                await c.SendHeadersAsync("HTTP/1.0 401 No", "Content-Length: 0");
                return;
            }

            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3);
        });
        rig.Server.Map("/to-auth", c => c.SendHeadersAsync("HTTP/1.1 302 Found", $"Location: {rig.Server.Url("/auth")}", "Content-Length: 0"));
        rig.Server.Map("/to-auth-relative", c => c.SendHeadersAsync("HTTP/1.1 302 Found", "Location: auth", "Content-Length: 0"));
        rig.Server.Map("/list-auth", c => c.SendAsync($"HTTP/1.0 200 OK\r\nContent-Type: audio/x-scpls\r\n\r\n[playlist]\nFile1={rig.Server.Url("/auth")}\n"));
    }
}
