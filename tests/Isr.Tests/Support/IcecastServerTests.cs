using System.Text;

namespace Isr.Tests.Support;

public sealed class IcecastServerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_feeder_is_heard_in_whole_frames()
    {
        await using var icecast = await IcecastServer.StartAsync();
        await icecast.FeedAsync("/live.mp3");
        await icecast.FeedAsync("/live.aac", "adts");

        await using var mp3 = await RawTap.StartAsync(icecast.Url("/live.mp3"));
        await using var aac = await RawTap.StartAsync(icecast.Url("/live.aac"));
        await mp3.WaitForBytesAsync(40_000, s_patience);
        await aac.WaitForBytesAsync(40_000, s_patience);

        Assert.Contains("Content-Type: audio/mpeg", mp3.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: audio/aac", aac.Head, StringComparison.Ordinal);
        Assert.InRange(FrameSplitter.Mp3FromMiddle(mp3.Body).Count, 90, 1000);
        Assert.InRange(FrameSplitter.AdtsFromMiddle(aac.Body).Count, 90, 1000);
        var arrivals = mp3.Arrivals;
        Assert.True(arrivals.Zip(arrivals.Skip(1)).All(p => p.First.Timestamp <= p.Second.Timestamp && p.First.Length <= p.Second.Length));
    }

    [Fact]
    public async Task Two_taps_hear_the_same_frames()
    {
        await using var icecast = await IcecastServer.StartAsync();
        await icecast.FeedAsync("/live.mp3", "vbr");
        await using var one = await RawTap.StartAsync(icecast.Url("/live.mp3"));
        await using var other = await RawTap.StartAsync(icecast.Url("/live.mp3"));
        await one.WaitForBytesAsync(60_000, s_patience);
        await other.WaitForBytesAsync(60_000, s_patience);

        var comparison = AudioChecks.Compare(FrameSplitter.Mp3FromMiddle(one.Body), FrameSplitter.Mp3FromMiddle(other.Body)[..100]);

        Assert.Equal((0, 0, 0), (comparison.Lost, comparison.Doubled, comparison.Disordered));
    }

    [Theory]
    [InlineData(null, "ISO-8859-1")]
    [InlineData("UTF-8", "UTF-8")]
    public async Task A_title_is_told_to_those_who_ask(string? charset, string onTheWire)
    {
        await using var icecast = await IcecastServer.StartAsync(null, new IcecastMount("/live.mp3") { Charset = charset });
        await icecast.FeedAsync("/live.mp3");
        await icecast.SetTitleAsync("/live.mp3", "Foo - It's; Bär");

        await using var tap = await RawTap.StartAsync(icecast.Url("/live.mp3"), null, "Icy-MetaData: 1");

        var expected = Encoding.GetEncoding(onTheWire).GetBytes("StreamTitle='Foo - It's; Bär';");
        await Wait.UntilAsync(() => tap.Body.AsSpan().IndexOf(expected) >= 0, s_patience, () => $"no title in {tap.Length} bytes");
        Assert.Contains("icy-metaint:16000", tap.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_feeder_ends_the_stream()
    {
        await using var icecast = await IcecastServer.StartAsync();
        var feeder = await icecast.FeedAsync("/live.mp3");
        await using var tap = await RawTap.StartAsync(icecast.Url("/live.mp3"));
        await feeder.FreezeAsync();
        feeder.Thaw();
        await tap.WaitForBytesAsync(tap.Length + 10_000, s_patience);

        feeder.Kill();

        await tap.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(async () => !await icecast.IsLiveAsync("/live.mp3"), s_patience, () => "the mount is still live");
    }

    [Fact]
    public async Task A_frozen_feeder_is_thrown_out_after_the_source_timeout()
    {
        await using var icecast = await IcecastServer.StartAsync(TimeSpan.FromSeconds(2));
        var feeder = await icecast.FeedAsync("/live.mp3");
        await using var tap = await RawTap.StartAsync(icecast.Url("/live.mp3"));
        await tap.WaitForBytesAsync(10_000, s_patience);

        await feeder.FreezeAsync();
        await tap.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.False(feeder.HasEnded);
    }

    [Fact]
    public async Task Mounts_are_as_special_as_they_are_said_to_be()
    {
        await using var icecast = await IcecastServer.StartAsync(
            null,
            new IcecastMount("/auth.mp3") { NeedsPassword = true },
            new IcecastMount("/one.mp3") { MaxListeners = 1, BurstBytes = 0 });
        await icecast.FeedAsync("/auth.mp3");
        await icecast.FeedAsync("/one.mp3", seed: 2);

        await using var stranger = await RawTap.StartAsync(icecast.Url("/auth.mp3"));
        await using var friend = await RawTap.StartAsync(icecast.Url("/auth.mp3"), null, $"Authorization: Basic {Convert.ToBase64String("rec:secret"u8)}");
        await using var first = await RawTap.StartAsync(icecast.Url("/one.mp3"));
        await first.WaitForBytesAsync(1, s_patience);
        await using var second = await RawTap.StartAsync(icecast.Url("/one.mp3"));

        Assert.StartsWith("HTTP/1.0 401", stranger.Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.0 200", friend.Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.0 403", second.Head, StringComparison.Ordinal);
    }
}
