using Isr.Sources;
using Isr.Sources.Http;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

/// <summary>Several addresses of one source: the first that has audio is heard, the main one whenever it has.</summary>
public sealed class BackupTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_main_address_is_tried_each_minute_and_heard_again_when_it_has_audio()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        await using var rig = await StreamRig.StartAsync();
        rig.Retries = time;
        var mp3 = await TestAudio.Mp3Async();
        rig.Server.Map("/backup", c => LiveAsync(c, mp3));
        using var sink = new CollectingSink();
        var running = rig.Source(rig.Server.Url("/main"), rig.Server.Url("/backup")).RunAsync(sink, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => sink.Count > 10, s_patience, () => "the backup is not heard");

        // It refuses, then it has a page.
        await TryMainAsync(2);
        rig.Server.Map("/main", c => PageAsync(c));
        await TryMainAsync(3);
        Assert.False(running.IsCompleted);

        rig.Server.Map("/main", c => LiveAsync(c, mp3));
        await TryMainAsync(4);
        var end = await running.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(EndCause.Switched, end.Cause);
        Assert.Equal($"{rig.Server.Url("/main")} has audio again, so its backup is left", end.Sentence);
        Assert.Equal(1, rig.Server.RequestsOf("/backup"));

        async Task TryMainAsync(int requests)
        {
            await Wait.UntilAsync(() => time.PendingTimers > 0, s_patience, () => "nothing waits for the next try");
            time.Advance(StreamSource.MainRetry);
            await rig.Server.WaitForRequestsAsync("/main", requests, s_patience);
        }
    }

    [Fact]
    public async Task A_stop_while_a_backup_is_heard_is_a_stop()
    {
        await using var rig = await StreamRig.StartAsync();
        var mp3 = await TestAudio.Mp3Async();
        rig.Server.Map("/backup", c => LiveAsync(c, mp3));
        using var sink = new CollectingSink { EnoughFrames = 20 };

        var end = await rig.RunAsync(sink, rig.Server.Url("/main"), rig.Server.Url("/backup"));

        Assert.Equal(EndCause.Stopped, end.Cause);
    }

    [Fact]
    public async Task A_backup_that_ends_hands_back_its_own_end()
    {
        await using var rig = await StreamRig.StartAsync();
        var mp3 = await TestAudio.Mp3Async();
        rig.Server.Map("/backup", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, lasts: TimeSpan.FromSeconds(0.3));
        });
        using var sink = new CollectingSink();

        var end = await rig.RunAsync(sink, rig.Server.Url("/main"), rig.Server.Url("/backup"));

        Assert.Equal(EndCause.Ended, end.Cause);
        Assert.Contains("/backup", end.Sentence, StringComparison.Ordinal);
    }

    private static async Task LiveAsync(FaultConnection connection, TestStream stream)
    {
        await connection.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
        await connection.SendLiveAsync(stream);
    }

    private static async Task PageAsync(FaultConnection connection)
    {
        await connection.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: text/html");
        await connection.SendAsync("<html>we are back soon</html>");
    }
}
