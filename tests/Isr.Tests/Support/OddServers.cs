using System.Globalization;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>Servers as they are met on the internet, ready to be mapped: every path is named for what is odd about it.</summary>
internal static class OddServers
{
    public const string UserName = "rec";
    public const string Password = "secret";

    /// <summary>Maps all of them.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="faultAfter">How long those that fail play in real time before they do; 1 s when left out.</param>
    /// <param name="burstSeconds">What a new listener gets at once.</param>
    public static async Task MapAsync(FaultServer server, TimeSpan? faultAfter = null, double burstSeconds = 2)
    {
        var healthy = faultAfter ?? TimeSpan.FromSeconds(1);
        var mp3 = await TestAudio.Mp3Async();
        var adts = await TestAudio.AdtsAsync();
        var ogg = Paced("audio/mpeg", await TestAudio.OggAsync());
        var flac = Paced("audio/flac", await TestAudio.CodedAsync("flac"));

        MapStatusLines(server, mp3, burstSeconds);
        MapTransfers(server, mp3, healthy, burstSeconds);
        MapTypes(server, mp3, adts, ogg, flac, burstSeconds);
        MapBodies(server, mp3, burstSeconds);
        MapFailures(server, mp3, healthy, burstSeconds);
        MapRedirects(server, mp3, burstSeconds);
        MapPlaylists(server);
    }

    /// <summary>Old and broken heads of answers.</summary>
    private static void MapStatusLines(FaultServer server, TestStream mp3, double burst)
    {
        // Shoutcast 1.
        server.Map("/v1.mp3", async c =>
        {
            string[] interval = c.Request.WantsIcy ? ["icy-metaint:8192"] : [];
            await c.SendHeadersAsync("ICY 200 OK", ["icy-notice1:<BR>This stream requires Winamp<BR>", "icy-notice2:SHOUTcast", "icy-name:v1", "icy-pub:0", "icy-br:128", "content-type:audio/mpeg", .. interval]);
            UseTitles(c, c.Request.WantsIcy);
            await c.SendLiveAsync(mp3, burst);
        });

        server.Map("/v1noct.mp3", async c =>
        {
            await c.SendHeadersAsync("ICY 200 OK", "icy-name:v1");
            await c.SendLiveAsync(mp3, burst);
        });

        // Titles although nobody asked.
        server.Map("/forcedicy.mp3", async c =>
        {
            await c.SendHeadersAsync("ICY 200 OK", "icy-metaint:8192", "content-type:audio/mpeg");
            UseTitles(c, true);
            await c.SendLiveAsync(mp3, burst);
        });

        server.Map("/bighdr", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", $"X: {new string('a', 200_000)}", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burst);
        });

        server.Map("/lf.mp3", async c =>
        {
            await c.SendAsync("HTTP/1.0 200 OK\nContent-Type: audio/mpeg\n\n");
            await c.SendLiveAsync(mp3, burst);
        });
    }

    private static void MapTransfers(FaultServer server, TestStream mp3, TimeSpan healthy, double burst)
    {
        server.Map("/chunked.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.1 200 OK", "Content-Type: audio/mpeg", "Transfer-Encoding: chunked", "Connection: keep-alive");
            c.UseChunks();
            await c.SendLiveAsync(mp3, burst);
        });

        server.Map("/chunkedicy.mp3", async c =>
        {
            string[] interval = c.Request.WantsIcy ? ["icy-metaint: 8192"] : [];
            await c.SendHeadersAsync("HTTP/1.1 200 OK", ["Content-Type: audio/mpeg", "Transfer-Encoding: chunked", .. interval]);
            c.UseChunks();
            UseTitles(c, c.Request.WantsIcy);
            await c.SendLiveAsync(mp3, burst);
        });

        server.Map("/chunkedend.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.1 200 OK", "Content-Type: audio/mpeg", "Transfer-Encoding: chunked");
            c.UseChunks();
            await c.SendLiveAsync(mp3, burst, healthy);
            await c.EndChunksAsync();
        });
    }

    /// <summary>Types that are unusual or wrong.</summary>
    private static void MapTypes(FaultServer server, TestStream mp3, TestStream adts, TestStream ogg, TestStream flac, double burst)
    {
        void Live(string path, string type, TestStream stream) => server.Map(path, async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", $"Content-Type: {type}");
            await c.SendLiveAsync(stream, burst);
        });

        // Formats with a header at their start must be heard from there.
        void FromStart(string path, string type, TestStream stream) => server.Map(path, async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", $"Content-Type: {type}");
            await c.SendFramesAsync(stream.Frames, stream.PerFrame, burst);
        });

        Live("/plain.mp3", "audio/mpeg", mp3);
        Live("/plain.aac", "audio/aacp", adts);
        Live("/octet.mp3", "application/octet-stream", mp3);
        Live("/aacasmp3.mp3", "audio/mpeg", adts);
        Live("/mp3asaac.aac", "audio/aac", mp3);
        FromStart("/oggasmp3.mp3", "audio/mpeg", ogg);
        FromStart("/native.flac", "audio/flac", flac);
        FromStart("/oggmiddle.ogg", "audio/ogg", ogg with { Frames = [.. ogg.Frames.Skip(20)] });

        // As Icecast sends it: no `fLaC`, the first byte anywhere in a frame.
        server.Map("/nativenohdr.flac", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/flac");
            await c.SendFramesAsync(flac.Frames.Skip(100), flac.PerFrame, burst);
        });
    }

    /// <summary>Bodies that are not just whole frames, or no live stream.</summary>
    private static void MapBodies(FaultServer server, TestStream mp3, double burst)
    {
        void Starting(string path, Func<byte[]> start) => server.Map(path, async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendBodyAsync(start());
            await c.SendLiveAsync(mp3, burst);
        });

        Starting("/id3.mp3", () => Id3Tag(2000));
        Starting("/half.mp3", () => mp3.Frames[^1][200..].ToArray());

        // A kilobyte of chance after every half second, the frames themselves whole and in order from the first.
        server.Map("/garbage.mp3", async c =>
        {
            var random = new Random(5);
            ReadOnlyMemory<byte> Garbage()
            {
                var garbage = new byte[1000];
                random.NextBytes(garbage);
                return garbage;
            }

            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendFramesAsync(mp3.Frames.Chunk(20).SelectMany(frames => frames.Append(Garbage())), mp3.PerFrame, burst);
        });

        server.Map("/finite.mp3", async c =>
        {
            var body = mp3.Bytes(0, mp3.Frames.Count);
            await c.SendHeadersAsync("HTTP/1.1 200 OK", "Content-Type: audio/mpeg", $"Content-Length: {body.Length}");
            await c.SendBodyAsync(body);
        });

        server.Map("/finitenolength.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendBodyAsync(mp3.Bytes(0, mp3.Frames.Count));
        });

        server.Map("/html", c => Whole(c, "text/html", "<html>not audio</html>"));
    }

    private static void MapFailures(FaultServer server, TestStream mp3, TimeSpan healthy, double burst)
    {
        async Task PlayAsync(FaultConnection c)
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burst, healthy);
        }

        server.Map("/stall.mp3", async c =>
        {
            await PlayAsync(c);
            await c.HangAsync();
        });

        server.Map("/rst.mp3", async c =>
        {
            await PlayAsync(c);
            await c.ResetAsync();
        });

        // Up, then gone for one attempt, then up again.
        server.Map("/flap.mp3", async c =>
        {
            if (server.RequestsOf("/flap.mp3") % 2 == 0)
            {
                await c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
                return;
            }

            await PlayAsync(c);
        });

        server.Map("/short.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.1 200 OK", "Content-Type: audio/mpeg", "Content-Length: 100000");
            await c.SendBodyAsync(mp3.Bytes(0, 144));
        });

        server.Map("/503", c => c.SendHeadersAsync("HTTP/1.1 503 Busy", "Retry-After: 3", "Content-Length: 0"));
        server.Map("/hang", c => c.HangAsync());
    }

    private static void MapRedirects(FaultServer server, TestStream mp3, double burst)
    {
        void Redirect(string path, string status, Func<string> location) => server.Map(path, c =>
            c.SendHeadersAsync($"HTTP/1.1 {status}", $"Location: {location()}", "Content-Length: 0"));

        Redirect("/redir", "302 Found", () => server.Url("/plain.mp3").AbsoluteUri);
        Redirect("/redirrel", "301 Moved", () => "/v1.mp3");
        Redirect("/loop", "302 Found", () => "/loop");
        Redirect("/redirauth", "302 Found", () => $"http://{UserName}:{Password}@127.0.0.1:{server.Port}/auth.mp3");

        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}"));
        server.Map("/auth.mp3", async c =>
        {
            if (!expected.Equals(c.Request.Headers.GetValueOrDefault("Authorization"), StringComparison.Ordinal))
            {
                await c.SendHeadersAsync("HTTP/1.0 401 Authentication Required", "WWW-Authenticate: Basic realm=\"Icecast2 Server\"", "Content-Length: 0");
                return;
            }

            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burst);
        });
    }

    private static void MapPlaylists(FaultServer server)
    {
        var dead = server.Url("/dead.mp3");
        var live = server.Url("/plain.mp3");
        var m3u = $"#EXTM3U\r\n#EXTINF:-1,x\r\n{live}\r\n";
        server.Map("/list.pls", c => Whole(c, "audio/x-scpls", $"[playlist]\nNumberOfEntries=2\nFile1={dead}\nTitle1=dead\nLength1=-1\nFile2={live}\nTitle2=x\nLength2=-1\nVersion=2\n"));
        server.Map("/list.m3u", c => Whole(c, "audio/mpegurl", m3u));
        server.Map("/listmpg.m3u", c => Whole(c, "audio/mpeg", m3u));
        server.Map("/hls.m3u8", c => Whole(c, "application/vnd.apple.mpegurl", "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXT-X-MEDIA-SEQUENCE:1\n#EXTINF:10,\nsegment1.aac\n#EXTINF:10,\nsegment2.aac\n"));
    }

    private static Task Whole(FaultConnection connection, string type, string text) =>
        connection.SendAsync($"HTTP/1.0 200 OK\r\nContent-Type: {type}\r\nContent-Length: {text.Length}\r\n\r\n{text}");

    private static void UseTitles(FaultConnection connection, bool wanted)
    {
        if (wanted)
        {
            connection.UseIcy(8192, () => string.Create(CultureInfo.InvariantCulture, $"v1 song {(int)connection.Server.Uptime.TotalSeconds / 10}"));
        }
    }

    private static byte[] Id3Tag(int bodyBytes) =>
        [.. "ID3"u8, 4, 0, 0, (byte)(bodyBytes >> 21 & 127), (byte)(bodyBytes >> 14 & 127), (byte)(bodyBytes >> 7 & 127), (byte)(bodyBytes & 127), .. new byte[bodyBytes]];

    /// <summary>A whole file in pieces that each stand for the same time.</summary>
    private static TestStream Paced(string type, byte[] file)
    {
        var pieces = file.Chunk(1000).Select(c => new ReadOnlyMemory<byte>(c)).ToList();
        return new TestStream(type, pieces, TimeSpan.FromSeconds(TestAudio.Seconds) / pieces.Count);
    }
}
