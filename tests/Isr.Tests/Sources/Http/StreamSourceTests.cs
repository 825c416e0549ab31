using System.Text;
using Isr.Audio;
using Isr.Configuration;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

public sealed class StreamSourceTests
{
    private const int Interval = 8192;

    [Theory]
    [InlineData("/v1.mp3")]
    [InlineData("/v1noct.mp3")]
    [InlineData("/forcedicy.mp3")]
    [InlineData("/bighdr")]
    [InlineData("/lf.mp3")]
    [InlineData("/chunked.mp3")]
    [InlineData("/chunkedicy.mp3")]
    [InlineData("/plain.mp3")]
    [InlineData("/octet.mp3")]
    [InlineData("/mp3asaac.aac")]
    [InlineData("/redir")]
    [InlineData("/redirrel")]
    [InlineData("/redirauth")]
    [InlineData("/list.pls")]
    [InlineData("/list.m3u")]
    [InlineData("/listmpg.m3u")]
    public async Task Every_frame_of_an_odd_mp3_server_comes_as_it_was_sent(string path)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 90 };

        var end = await rig.RunAsync(path, sink);

        Assert.Equal(ConnectionEnd.Stopped, end);
        Assert.Equal(new AudioFormat(AudioCodec.MpegLayer3, 44100, 2), sink.Format);
        Assert.Equal(0, sink.SkippedBytes);
        AudioChecks.Compare((await TestAudio.Mp3Async()).Frames, sink.Frames).IsWhole();
    }

    [Theory]
    [InlineData("/plain.aac")]
    [InlineData("/aacasmp3.mp3")]
    public async Task Every_frame_of_an_aac_server_comes_as_it_was_sent(string path)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 90 };

        await rig.RunAsync(path, sink);

        Assert.Equal(AudioCodec.Aac, sink.Format.Codec);
        Assert.Equal(0, sink.SkippedBytes);
        AudioChecks.Compare((await TestAudio.AdtsAsync()).Frames, sink.Frames).IsWhole();
    }

    [Theory]
    [InlineData("/oggasmp3.mp3", AudioCodec.Vorbis, "the server says audio/mpeg, the stream is Ogg Vorbis; recorded as Ogg Vorbis")]
    [InlineData("/native.flac", AudioCodec.Flac, null)]
    [InlineData("/nativenohdr.flac", AudioCodec.Flac, null)]
    public async Task Ogg_and_FLAC_are_known_by_their_bytes(string path, AudioCodec codec, string? line)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 20 };

        await rig.RunAsync(path, sink);

        Assert.Equal((codec, 44100, 2), (sink.Format.Codec, sink.Format.SampleRate, sink.Format.Channels));
        Assert.Equal(line is null ? [] : [$"Information: [radio] {line}"], rig.Log.Lines);
    }

    [Theory]
    [InlineData("/id3.mp3", 2010)]
    [InlineData("/half.mp3", 218)]
    public async Task What_stands_before_the_first_frame_is_skipped_and_counted(string path, int bytes)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 60 };

        await rig.RunAsync(path, sink);

        Assert.InRange(sink.SkippedBytes, bytes - 1, bytes);
        AudioChecks.Compare((await TestAudio.Mp3Async()).Frames, sink.Frames).IsWhole();
    }

    [Fact]
    public async Task Garbage_between_frames_costs_the_frame_before_it_and_makes_none()
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 70 };

        await rig.RunAsync("/garbage.mp3", sink);

        var mp3 = await TestAudio.Mp3Async();
        // Every twentieth is followed by chance: whether it is whole or half of one, nothing tells.
        sink.Holds(mp3.Frames.Where((_, i) => i % 20 != 19).Take(sink.Count));
        Assert.InRange(sink.SkippedBytes, 3 * 1417, 4 * 1418);
    }

    [Theory]
    [InlineData("/octet.mp3", "Information: [radio] the server says application/octet-stream, the stream is MP3; recorded as MP3")]
    [InlineData("/aacasmp3.mp3", "Information: [radio] the server says audio/mpeg, the stream is AAC; recorded as AAC")]
    [InlineData("/mp3asaac.aac", "Information: [radio] the server says audio/aac, the stream is MP3; recorded as MP3")]
    [InlineData("/v1noct.mp3", "Information: [radio] the server says no type, the stream is MP3; recorded as MP3")]
    public async Task A_wrong_type_is_said_once(string path, string line)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 30 };

        await rig.RunAsync(path, sink);

        Assert.Equal([line], rig.Log.Lines);
    }

    [Fact]
    public async Task A_format_that_is_configured_wrongly_is_said_and_the_stream_recorded_as_it_is()
    {
        await using var rig = await StreamRig.StartAsync(format: SourceFormat.Aac);
        await OddServers.MapAsync(rig.Server);
        using var sink = new CollectingSink { EnoughFrames = 30 };

        await rig.RunAsync("/plain.mp3", sink);

        Assert.Equal(["Warning: [radio] format = aac is set, but the stream is MP3; recorded as MP3"], rig.Log.Lines);
        Assert.Equal(AudioCodec.MpegLayer3, sink.Format.Codec);
    }

    [Theory]
    [InlineData("/speex.ogg", nameof(EndCause.Unsupported), "The Ogg stream holds Speex, which is not recorded: only Vorbis, Opus and FLAC are.")]
    [InlineData("/oggmiddle.ogg", nameof(EndCause.Unsupported), "The Ogg stream has no header pages, without which no decoder can begin.")]
    [InlineData("/hls.m3u8", nameof(EndCause.Unsupported), "is HLS, which is not recorded: give the address of an Icecast or HTTP stream")]
    [InlineData("/html", nameof(EndCause.Refused), "is a page or text, no audio (type text/html)")]
    [InlineData("/loop", nameof(EndCause.Refused), "more than 10 redirects or playlist entries, the last ")]
    [InlineData("/nothing", nameof(EndCause.Refused), "has no such stream now (404)")]
    [InlineData("/auth.mp3", nameof(EndCause.Refused), "wants a user name and password (401), or these are wrong: see username and password")]
    [InlineData("/503", nameof(EndCause.Refused), "is in trouble (503)")]
    public async Task What_cannot_be_recorded_is_refused_with_its_reason(string path, string cause, string sentence)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink();

        var end = await rig.RunAsync(path, sink);

        Assert.Equal(cause, end.Cause.ToString());
        Assert.Contains(sentence, end.Sentence, StringComparison.Ordinal);
        Assert.Contains(path, end.Sentence, StringComparison.Ordinal);
        Assert.Empty(sink.Frames);
        Assert.Equal(path == "/503" ? TimeSpan.FromSeconds(3) : null, end.RetryAfter);
    }

    [Theory]
    [InlineData("/rst.mp3", nameof(EndCause.Broken), " broke: Connection reset by peer")]
    [InlineData("/short.mp3", nameof(EndCause.Broken), " broke: ")]
    [InlineData("/chunkedend.mp3", nameof(EndCause.Ended), " closed the connection")]
    [InlineData("/flap.mp3", nameof(EndCause.Ended), " closed the connection")]
    [InlineData("/finite.mp3", nameof(EndCause.Ended), " closed the connection")]
    public async Task A_stream_that_ends_says_how_and_its_frames_are_whole(string path, string cause, string sentence)
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink();

        var end = await rig.RunAsync(path, sink);

        Assert.Equal(cause, end.Cause.ToString());
        Assert.Contains($"{rig.Server.Url(path)}{sentence}", end.Sentence, StringComparison.Ordinal);
        Assert.InRange(sink.Count, 100, 10_000);
        Assert.Equal(path is "/finite.mp3" or "/short.mp3", sink.Facts!.IsFinite);
        AudioChecks.Compare((await TestAudio.Mp3Async()).Frames, sink.Frames).IsWhole();
    }

    [Fact]
    public async Task A_sink_that_has_had_enough_ends_the_connection_with_its_reason()
    {
        var reason = new ConnectionEnd(EndCause.NotLive, "no live stream");
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { Refusal = reason };

        var end = await rig.RunAsync("/finitenolength.mp3", sink);

        Assert.Equal(reason, end);
        Assert.Equal(1, sink.Arrivals);
    }

    [Fact]
    public async Task What_the_server_says_of_itself_is_handed_on_without_control_characters()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/x.mp3", async c =>
        {
            await c.SendAsync("ICY 200 OK\r\nicy-name: Rädio \u0007 Ä\r\n"u8.ToArray());
            await c.SendHeadersAsync("icy-br: 128", "Server: Icecast 2.4.4", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3);
        });
        using var sink = new CollectingSink { EnoughFrames = 20 };

        await rig.RunAsync(sink, new Uri(rig.Server.Url("/x.mp3") + "?token=abc#here"));

        Assert.Equal($"{rig.Server.Url("/x.mp3")}?…", sink.Facts!.Url);
        Assert.Equal("Rädio  Ä", sink.Facts.Name);
        Assert.Equal(("128", "Icecast 2.4.4", "audio/mpeg"), (sink.Facts.Bitrate, sink.Facts.Server, sink.Facts.ContentType));
        Assert.False(sink.Facts.IsFinite);
        Assert.Equal("/x.mp3?token=abc", rig.Server.Requests.Single().Target);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Titles_stand_before_the_frame_in_which_they_came(bool chunked)
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        var told = 0;
        rig.Server.Map("/x.mp3", async c =>
        {
            string[] transfer = chunked ? ["Transfer-Encoding: chunked"] : [];
            await c.SendHeadersAsync("HTTP/1.1 200 OK", [.. transfer, "Content-Type: audio/mpeg", $"icy-metaint: {Interval}"]);
            if (chunked)
            {
                c.UseChunks();
            }

            c.UseIcy(Interval, () => $"song {told++}");
            await c.SendFramesAsync(mp3.Frames.Take(400), mp3.PerFrame, burstSeconds: 100);
            if (chunked)
            {
                await c.EndChunksAsync();
            }
        });
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x.mp3", sink);

        Assert.Equal(EndCause.Ended, end.Cause);
        sink.Holds(mp3.Frames.Take(400));
        var audio = mp3.Bytes(0, 400).Length;
        Assert.Equal(Enumerable.Range(0, audio / Interval).Select(i => ExpectedTitle(mp3, i)), sink.Titles);
    }

    [Fact]
    public async Task Of_titles_that_come_before_the_stream_is_understood_the_last_is_kept()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        var told = 0;
        rig.Server.Map("/x.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg", "icy-metaint: 300");
            c.UseIcy(300, () => $"{Math.Min(told++, 2)}");
            await c.SendFramesAsync(mp3.Frames.Take(50), mp3.PerFrame, burstSeconds: 100);
        });
        using var sink = new CollectingSink();

        await rig.RunAsync("/x.mp3", sink);

        // Three headers prove the stream: 840 bytes, two titles.
        Assert.Equal([new TitleAt("1", 0, 0), new TitleAt("2", 2, 2304)], sink.Titles);
        sink.Holds(mp3.Frames.Take(50));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("99999999999999")]
    [InlineData("1048577")]
    [InlineData("1.5")]
    public async Task A_metadata_interval_that_is_no_number_is_refused(string interval)
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/x.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", $"icy-metaint: {interval}");
            await c.SendLiveAsync(mp3);
        });
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x.mp3", sink);

        Assert.Equal(new ConnectionEnd(EndCause.Refused, $"{rig.Server.Url("/x.mp3")} sends an icy-metaint that is no number from 1 to 1048576"), end);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("")]
    public async Task A_metadata_interval_of_nothing_means_none(string interval)
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/x.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", $"icy-metaint: {interval}");
            await c.SendLiveAsync(mp3);
        });
        using var sink = new CollectingSink { EnoughFrames = 60 };

        await rig.RunAsync("/x.mp3", sink);

        AudioChecks.Compare(mp3.Frames, sink.Frames).IsWhole();
    }

    [Fact]
    public async Task The_second_address_serves_while_the_first_is_dead()
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink { EnoughFrames = 30 };

        await rig.RunAsync(sink, rig.Server.Url("/nothing"), rig.Server.Url("/plain.mp3"));

        Assert.Equal(rig.Server.Url("/plain.mp3").ToString(), sink.Facts!.Url);
        Assert.Equal([$"Debug: [radio] {rig.Server.Url("/nothing")} has no such stream now (404)"], rig.Log.Lines);
    }

    [Theory]
    [InlineData("/html")]
    [InlineData("/speex.ogg")]
    [InlineData("/oggmiddle.ogg")]
    [InlineData("/emptylist.mp3")]
    public async Task The_second_address_serves_while_the_first_sends_what_is_no_stream(string first)
    {
        await using var rig = await StartWithOddServersAsync();
        rig.Server.Map("/emptylist.mp3", c => c.SendAsync("HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n[playlist]\nNumberOfEntries=0\nVersion=2\n; nothing is on at the moment, come back later\n"));
        using var sink = new CollectingSink { EnoughFrames = 30 };

        await rig.RunAsync(sink, rig.Server.Url(first), rig.Server.Url("/plain.mp3"));

        Assert.Equal(rig.Server.Url("/plain.mp3").ToString(), sink.Facts?.Url);
    }

    [Fact]
    public async Task When_all_addresses_are_dead_the_last_says_why()
    {
        await using var rig = await StartWithOddServersAsync();
        using var sink = new CollectingSink();

        var end = await rig.RunAsync(sink, rig.Server.Url("/nothing"), rig.Server.Url("/503"));

        Assert.Equal($"{rig.Server.Url("/503")} is in trouble (503)", end.Sentence);
    }

    [Fact]
    public async Task Relative_entries_of_a_playlist_are_found_beside_it()
    {
        await using var rig = await StartWithOddServersAsync();
        var list = Encoding.ASCII.GetBytes("HTTP/1.0 200 OK\r\nContent-Type: audio/x-mpegurl\r\n\r\n# a comment\r\nbackup/gone.mp3\r\n../plain.mp3\r\n");
        rig.Server.Map("/lists/x.m3u", c => c.SendAsync(list));
        using var sink = new CollectingSink { EnoughFrames = 30 };

        await rig.RunAsync("/lists/x.m3u", sink);

        Assert.Equal("/lists/x.m3u /lists/backup/gone.mp3 /plain.mp3", string.Join(' ', rig.Server.Requests.Select(r => r.Path)));
    }

    [Fact]
    public async Task Another_codec_that_takes_over_in_the_middle_ends_the_connection()
    {
        var mp3 = await TestAudio.Mp3Async();
        var adts = await TestAudio.AdtsAsync();
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/x.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendBodyAsync(mp3.Bytes(0, 100));
            await c.SendBodyAsync(adts.Bytes(0, 1000));
            await c.HangAsync();
        });
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x.mp3", sink);

        Assert.Equal(EndCause.Broken, end.Cause);
        Assert.Contains("no frames of the stream in the last ", end.Sentence, StringComparison.Ordinal);
        sink.Holds(mp3.Frames.Take(99));
    }

    private static async Task<StreamRig> StartWithOddServersAsync()
    {
        var rig = await StreamRig.StartAsync();
        await OddServers.MapAsync(rig.Server);
        rig.Server.Map("/speex.ogg", c => c.SendAsync((byte[])[.. "HTTP/1.0 200 OK\r\nContent-Type: audio/ogg\r\n\r\n"u8, .. OggMaker.FirstPage("Speex   1.2.0"u8.ToArray())]));
        return rig;
    }

    /// <summary>Frames that ended, with the header of the next, before the title's place.</summary>
    private static TitleAt ExpectedTitle(TestStream mp3, int number)
    {
        const int NextHeader = 4;
        var (frames, end) = (0, mp3.Frames[0].Length);
        while (end + NextHeader <= (number + 1) * Interval)
        {
            end += mp3.Frames[++frames].Length;
        }

        return new TitleAt($"song {number}", frames, frames * 1152);
    }
}
