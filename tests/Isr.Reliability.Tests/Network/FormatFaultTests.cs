using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Network;

/// <summary>Streams that change what they are.</summary>
public sealed class FormatFaultTests
{
    [Fact]
    public Task The_type_changes_on_reconnect() => FaultMatrix.RowAsync(
        FaultKind.Network, "AAC, after a reconnect MP3, after another AAC again", "each in files of its own, with its own ending; nothing lost that was sent, nothing doubled", async () =>
        {
            await using var run = new FaultRun();
            var mp3 = await TestAudio.Mp3Async();
            var station = run.Add(new NumberedStation("changing"));
            var requests = 0;
            station.Map(run.Server, async c =>
            {
                var request = Interlocked.Increment(ref requests);
                if (request == 2)
                {
                    await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
                    await c.SendLiveAsync(mp3, burstSeconds: 2, lasts: TimeSpan.FromSeconds(5));
                    return;
                }

                await NumberedStation.HeadAsync(c);
                await station.PlayAsync(c, request == 1 ? 4 : double.PositiveInfinity);
            });
            await run.StartAsync();
            await run.UntilAsync(() => run.Folder.Entries<FileOpened>().LastOrDefault(f => f.Source == station.Name) is { Codec: "Aac" } && requests == 3, () => "AAC did not come again");
            await FaultRun.ForAsync(1);
            await run.StopAsync();

            run.CheckWitness();
            var found = station.Find(run.Folder).IsWhole(station.Name, inFlight: 16);
            var files = run.Folder.Entries<FileOpened>().Where(f => f.Source == station.Name && f.File.EndsWith(".mp3", StringComparison.Ordinal)).ToList();
            List<ReadOnlyMemory<byte>> frames = [.. files.SelectMany(f => FrameSplitter.Mp3WithoutLeadIn(File.ReadAllBytes(Path.Combine(run.Folder.Recordings, f.File))))];
            AudioChecks.Compare(mp3.Frames, frames).IsWhole();
            Assert.InRange(frames.Count * mp3.PerFrame.TotalSeconds, 6.8, 7.2);
            return $"{found.Figures}; {frames.Count} frames of MP3, 0 lost, 0 doubled";
        });

    [Fact]
    public Task A_chained_stream_begins_anew_at_a_split() => FaultMatrix.RowAsync(
        FaultKind.Network, "Ogg Opus that begins a new link with every second of the clock, files of 6 s", "a file for each link and each split, each valid; no packet lost or doubled", async () =>
        {
            const int Links = 14;
            await using var run = new FaultRun();
            var links = await Task.WhenAll(Enumerable.Range(1, Links).Select(MakeLinkAsync));
            var sent = links.SelectMany(link => OggSplitter.Tap(link)).SelectMany(link => link.Packets).Select(p => p.Data).ToList();
            run.Add("chained", run.Server.Url("/chained"));
            var isOver = false;
            run.Server.Map("/chained", async c =>
            {
                if (isOver)
                {
                    await c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
                    return;
                }

                await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/ogg");
                foreach (var link in links)
                {
                    // Sound of a second is there when the second is over.
                    var now = TimeProvider.System.GetUtcNow();
                    await Task.Delay(TimeSpan.FromMilliseconds(1000 - now.Millisecond), TimeProvider.System, TestContext.Current.CancellationToken);
                    await c.SendBodyAsync(link);
                }

                isOver = true;
            });
            await run.StartAsync();
            await run.UntilAsync(() => isOver, () => "the stream does not end");
            await FaultRun.ForAsync(2);
            await run.StopAsync();

            run.CheckWitness();
            var files = run.Folder.Entries<FileOpened>().Where(f => f.Source == "chained").Select(f => Path.Combine(run.Folder.Recordings, f.File)).ToList();
            var recorded = new List<ReadOnlyMemory<byte>>();
            foreach (var file in files)
            {
                var (frames, leadIn, _) = HeardFrames.OfFile(file);
                recorded.AddRange(frames.Skip(leadIn).Select(f => f.Data));
            }

            Assert.Equal(new FrameComparison(0, sent.Count - 1, 0, 0, 0, 0), AudioChecks.Compare(sent, recorded));
            Assert.InRange(files.Count, Links, Links + 4);
            return $"{sent.Count} packets in {Links} links, 0 lost, 0 doubled, in {files.Count} files";
        });

    private static async Task<byte[]> MakeLinkAsync(int seed)
    {
        string[] input = ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(seed), "-t", "1"];
        return (await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec("opus", 64), "pipe:1"])).Output;
    }
}
