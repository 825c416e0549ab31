using System.Text;
using Isr.Demo;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Demo;

public sealed class DemoStationTests
{
    private const int Burst = 64 * 1024;
    private const int TitleInterval = 16_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_new_listener_gets_the_burst_at_once_and_then_what_sounds()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using var station = await StartAsync(time);
        await using var tap = await RawTap.StartAsync(station.Url);

        await tap.WaitForBytesAsync(Burst, s_patience);
        for (var step = 0; step < 100; step++)
        {
            await AdvanceAsync(time, TimeSpan.FromSeconds(0.1));
        }

        // The encoder keeps back what it looks ahead and what its pipe gathers: less than a second.
        await tap.WaitForBytesAsync(Burst + 9 * DemoEncoder.BytesPerSecond, s_patience);
        Assert.InRange(tap.Length, Burst + 9 * DemoEncoder.BytesPerSecond, Burst + 11 * DemoEncoder.BytesPerSecond);
        Assert.StartsWith("HTTP/1.0 200 OK\r\n", tap.Head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: audio/mpeg", tap.Head, StringComparison.Ordinal);
        Assert.Contains("icy-name:isr demo", tap.Head, StringComparison.Ordinal);
        Assert.Contains("icy-br:128", tap.Head, StringComparison.Ordinal);
        Assert.DoesNotContain("icy-metaint", tap.Head, StringComparison.Ordinal);
        Assert.InRange(FrameSplitter.Mp3FromMiddle(tap.Body).Count, 500, 600);
    }

    [Fact]
    public async Task It_keeps_pace_with_the_real_clock()
    {
        await using var station = await StartAsync(TimeProvider.System);
        await using var tap = await RawTap.StartAsync(station.Url);

        await tap.WaitForBytesAsync(Burst + 4 * DemoEncoder.BytesPerSecond, s_patience);

        // The head start is a little longer than the burst: its rest comes at once, too.
        var arrivals = tap.Arrivals;
        var first = arrivals.First(a => a.Length >= Burst + 1 * DemoEncoder.BytesPerSecond);
        var seconds = TimeProvider.System.GetElapsedTime(first.Timestamp, arrivals[^1].Timestamp).TotalSeconds;
        Assert.InRange((arrivals[^1].Length - first.Length) / seconds, 0.5 * DemoEncoder.BytesPerSecond, 2 * DemoEncoder.BytesPerSecond);
    }

    [Fact]
    public async Task Titles_come_at_the_right_byte_and_change()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using var station = await StartAsync(time);
        await using var tap = await RawTap.StartAsync(station.Url, null, "Icy-MetaData: 1");
        await tap.WaitForBytesAsync(Burst, s_patience);

        for (var step = 0; step < 300; step++)
        {
            await AdvanceAsync(time, TimeSpan.FromSeconds(0.1));
        }

        await tap.WaitForBytesAsync(Burst + 29 * DemoEncoder.BytesPerSecond, s_patience);
        var (audio, titles) = TakeApart(tap.Body);
        Assert.Contains($"icy-metaint:{TitleInterval}", tap.Head, StringComparison.Ordinal);
        Assert.InRange(titles.Distinct(StringComparer.Ordinal).Count(), 2, 3);
        Assert.All(titles, t => Assert.Matches("^StreamTitle='isr demo - Quiet noise.* \\(\\d\\d:\\d\\d:\\d\\d\\)';$", t));
        var frames = FrameSplitter.Mp3FromMiddle(audio);
        Assert.InRange(frames.Sum(f => f.Length), audio.Length - 1000, audio.Length);
    }

    [Fact]
    public async Task Two_listeners_hear_the_same()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using var station = await StartAsync(time);
        await using var one = await RawTap.StartAsync(station.Url);
        await using var other = await RawTap.StartAsync(station.Url);

        await AdvanceAsync(time, TimeSpan.FromSeconds(3));
        await one.WaitForBytesAsync(Burst + 2 * DemoEncoder.BytesPerSecond, s_patience);
        await other.WaitForBytesAsync(Burst + 2 * DemoEncoder.BytesPerSecond, s_patience);

        AudioChecks.Compare(FrameSplitter.Mp3FromMiddle(one.Body), FrameSplitter.Mp3FromMiddle(other.Body)[..150]).IsWhole();
    }

    [Fact]
    public async Task A_listener_who_does_not_read_is_dropped_and_delays_nobody()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using var station = await StartAsync(time);
        using var lazy = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        await lazy.ConnectAsync(station.Url.Host, station.Url.Port, TestContext.Current.CancellationToken);
        await lazy.SendAsync("GET /demo.mp3 HTTP/1.0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await using var eager = await RawTap.StartAsync(station.Url);
        await Wait.UntilAsync(() => station.Listeners == 2, s_patience, () => $"{station.Listeners} listeners");

        for (var step = 0; station.Listeners == 2 && step < 1200; step++)
        {
            await AdvanceAsync(time, TimeSpan.FromSeconds(0.1));
        }

        await Wait.UntilAsync(() => station.Listeners == 1, s_patience, "the lazy listener is still there");
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(90));
        await eager.WaitForBytesAsync(Burst + (long)((time.Elapsed.TotalSeconds - 1) * DemoEncoder.BytesPerSecond), s_patience);
        Assert.False(eager.Ended.IsCompleted);
    }

    [Fact]
    public async Task Elsewhere_there_is_nothing()
    {
        await using var station = await StartAsync(new ManualTimeProvider(DateTimeOffset.UnixEpoch));

        await using var tap = await RawTap.StartAsync(new Uri(station.Url, "/other.mp3"));

        await tap.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.0 404 ", tap.Head, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_ffmpeg_is_told_in_a_sentence()
    {
        var e = Assert.Throws<DemoException>(() => DemoEncoder.Start("ffmpeg-that-is-not-there", DemoFormat.Mp3));

        Assert.Contains("Install ffmpeg", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_encoder_that_ends_at_once_is_told_in_a_sentence()
    {
        await using var station = new DemoStation(TimeProvider.System, NullLogger<DemoStation>.Instance, "false");

        var e = await Assert.ThrowsAsync<DemoException>(() => station.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("ffmpeg ended at once", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_encoder_cuts_the_listeners_off_and_another_takes_over()
    {
        using var directory = new TemporaryDirectory();
        var script = directory.File("encoder");
        var id = directory.File("id");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho $$ >'{id}'\nexec ffmpeg \"$@\"\n", TestContext.Current.CancellationToken);
        await Processes.CheckAsync("chmod", ["+x", script]);
        await using var station = new DemoStation(TimeProvider.System, NullLogger<DemoStation>.Instance, script);
        await station.StartAsync(TestContext.Current.CancellationToken);
        await using var before = await RawTap.StartAsync(station.Url);

        await Processes.CheckAsync("sh", ["-c", $"kill -9 $(cat '{id}')"]);

        await before.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await using var after = await RawTap.StartAsync(station.Url);
        await after.WaitForBytesAsync(DemoEncoder.BytesPerSecond, s_patience);
    }

    private static async Task<DemoStation> StartAsync(TimeProvider time)
    {
        var station = new DemoStation(time, NullLogger<DemoStation>.Instance);
        await station.StartAsync(TestContext.Current.CancellationToken);
        return station;
    }

    /// <summary>Moves the clock when the station sleeps on it, so that no step is skipped.</summary>
    private static async Task AdvanceAsync(ManualTimeProvider time, TimeSpan by)
    {
        await Wait.UntilAsync(() => time.PendingTimers > 0, s_patience, "the station does not wait for the clock");
        time.Advance(by);
    }

    private static (byte[] Audio, List<string> Titles) TakeApart(ReadOnlySpan<byte> body)
    {
        var audio = new List<byte>();
        var titles = new List<string>();
        while (body.Length > TitleInterval)
        {
            audio.AddRange(body[..TitleInterval]);
            var length = body[TitleInterval] * 16;
            body = body[(TitleInterval + 1)..];
            if (length > 0 && body.Length >= length)
            {
                titles.Add(Encoding.UTF8.GetString(body[..length]).TrimEnd('\0'));
            }

            body = body[Math.Min(length, body.Length)..];
        }

        return ([.. audio], titles);
    }
}
