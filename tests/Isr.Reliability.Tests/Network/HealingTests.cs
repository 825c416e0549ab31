using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Network;

/// <summary>
/// Six formats of a real Icecast with its usual burst, on a line that breaks again and again: what is in no file, what is
/// in two, and what the journal says of it.
/// </summary>
public sealed class HealingTests
{
    private const double ShortestOutage = 0.2;
    private const double LongestOutage = 3;

    /// <summary>Until the source's next retries come at once again.</summary>
    private const double GoodSeconds = 10.5;

    /// <summary>What the journal may be wrong by about the length of a gap.</summary>
    private const double MostGapError = 0.1;

    private static readonly Feed[] s_feeds =
    [
        new("mp3", "mp3", 128, Heals: true), new("aac", "adts", 128, Heals: true), new("vorbis", "ogg", 0, Heals: true), new("opus", "opus", 96, Heals: true),
        new("ogg-flac", "oggflac", 0, Heals: false), new("flac", "flac", 0, Heals: false),
    ];

    [Fact]
    public Task A_broken_line_doubles_nothing_and_loses_nothing_that_the_burst_holds()
    {
        var cuts = Campaign.IsFull ? 50 : 2;
        return FaultMatrix.RowAsync(
            FaultKind.Network,
            FormattableString.Invariant($"{cuts} times the line to an Icecast breaks for {ShortestOutage} to {LongestOutage} s, six formats"),
            FormattableString.Invariant($"nothing is doubled; MP3, AAC, Vorbis and Opus, whose burst is longer, lack nothing, and their files joined are the stream; the rest lacks what the journal says, to {MostGapError * 1000:0} ms"),
            () => BreakAsync(cuts));
    }

    private static async Task<string> BreakAsync(int cuts)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new ProgramFolder();
        await using var icecast = await IcecastServer.StartAsync();
        await Task.WhenAll(s_feeds.Select((feed, i) => icecast.FeedAsync(feed.Mount, feed.Format, feed.Kilobits, seed: i + 1)));
        await using var proxy = new CuttingProxy(icecast.Port);
        var taps = await Task.WhenAll(s_feeds.Select(feed => RawTap.StartAsync(icecast.Url(feed.Mount))));
        folder.Configure(1440, [.. s_feeds.Select(feed => (feed.Name, new Uri($"http://127.0.0.1:{proxy.Port}{feed.Mount}")))]);

        await using (var program = IsrProgram.Start(folder, ["record"]))
        {
            await AreLongEnoughAsync(folder, 0, 1);
            for (var cut = 1; cut <= cuts; cut++)
            {
                proxy.Cut();
                await Task.Delay(TimeSpan.FromSeconds(ShortestOutage + (random.NextDouble() * (LongestOutage - ShortestOutage))), TimeProvider.System, TestContext.Current.CancellationToken);
                proxy.Restore();
                await AreLongEnoughAsync(folder, cut, cut == cuts ? 2 : GoodSeconds);
            }

            await program.EndAsync(Signal.Terminate);
        }

        foreach (var tap in taps)
        {
            await tap.DisposeAsync();
        }

        var outcomes = new List<Outcome>();
        foreach (var (feed, tap) in s_feeds.Zip(taps))
        {
            outcomes.Add(await JudgeAsync(folder, feed, tap));
        }

        Assert.Multiple([.. outcomes.Select<Outcome, Action>(outcome => () => outcome.Check(cuts))]);
        return $"seed {seed}; {string.Join("; ", outcomes)}";
    }

    /// <summary>Waits until every source's newest file after so many reconnects holds so much sound.</summary>
    private static Task AreLongEnoughAsync(ProgramFolder folder, int reconnects, double seconds) => Wait.UntilAsync(
        () =>
        {
            var entries = folder.Journal();
            return s_feeds.All(feed =>
                entries.OfType<SourceConnected>().Count(c => c.Source == feed.Name) > reconnects
                && entries.OfType<FileOpened>().Where(o => o.Source == feed.Name).ToList() is { Count: > 0 } opened
                && opened.Count > reconnects
                && TimeProvider.System.GetUtcNow() - entries.OfType<SourceConnected>().Last(c => c.Source == feed.Name).At > TimeSpan.FromSeconds(seconds));
        },
        TimeSpan.FromSeconds(30),
        () => string.Join('\n', folder.Journal().TakeLast(20)));

    private static async Task<Outcome> JudgeAsync(ProgramFolder folder, Feed feed, RawTap tap)
    {
        var heard = HeardFrames.OfTap(tap.Body, feed.Format);
        var sent = heard.Frames.Select(f => f.Data).ToList();
        var opened = folder.Entries<FileOpened>().Where(o => o.Source == feed.Name).ToList();
        var files = opened.ConvertAll(o => OwnFrames(folder.File("recordings", o.File)));
        var comparison = AudioChecks.Compare(sent, [.. files.SelectMany(f => f)]);
        var outcome = new Outcome(feed, files.Count, comparison)
        {
            Healed = folder.Entries<GapHealed>().Count(h => h.Source == feed.Name),
            Gaps = folder.Entries<GapFound>().Count(g => g.Source == feed.Name),
        };

        // Where each file lies in the stream, against what the journal says lies between them.
        var places = files.ConvertAll(f => AudioChecks.Compare(sent, f));
        for (var i = 1; i < files.Count; i++)
        {
            var missing = heard.Frames.Skip(places[i - 1].Last + 1).Take(Math.Max(0, places[i].First - places[i - 1].Last - 1)).ToList();
            var gap = folder.Entries<GapFound>().FirstOrDefault(g => g.Source == feed.Name && g.To == opened[i].Start.ToUniversalTime());
            var error = Math.Abs((gap?.Seconds ?? 0) - missing.Sum(f => f.Seconds));
            outcome = outcome with
            {
                LostInGaps = outcome.LostInGaps + (gap is null ? 0 : missing.Count),
                GreatestGapError = Math.Max(outcome.GreatestGapError, error),
            };
        }

        await AudioChecks.PassesAllAsync(opened.Select(file => folder.File("recordings", file.File)));

        return outcome.Comparison.Lost > 0 || feed.Format == "adts" ? outcome : outcome with
        {
            SamplesLost = await CountLostAsync(folder, feed, heard, opened, comparison),
        };
    }

    /// <summary>Samples that the files lack, decoded one by one, of what the stream holds, decoded as one.</summary>
    private static async Task<long> CountLostAsync(ProgramFolder folder, Feed feed, HeardFrames heard, List<FileOpened> opened, FrameComparison comparison)
    {
        // A decoder of Vorbis needs the packet before the first one.
        var first = comparison.First - (feed.Format == "ogg" ? 1 : 0);
        var whole = folder.File($"{feed.Name}-whole{Path.GetExtension(opened[0].File)}");
        var lost = await AudioChecks.CountAsync(await heard.WriteWholeAsync(whole, feed.Format, first, comparison.Last - first + 1));
        foreach (var file in opened)
        {
            lost -= await AudioChecks.CountAsync(folder.File("recordings", file.File));
        }

        return lost;
    }

    /// <summary>The frames of a file without those that it repeats of the one before.</summary>
    private static List<ReadOnlyMemory<byte>> OwnFrames(string path)
    {
        var (frames, leadIn, link) = HeardFrames.OfFile(path);
        return [.. frames.Skip(link is { Coding.Codec: Audio.AudioCodec.Vorbis } ? 1 : leadIn).Select(f => f.Data)];
    }

    private sealed record Feed(string Name, string Format, int Kilobits, bool Heals)
    {
        public string Mount => "/" + Name;
    }

    private sealed record Outcome(Feed Feed, int Files, FrameComparison Comparison)
    {
        public int Healed { get; init; }

        public int Gaps { get; init; }

        public int LostInGaps { get; init; }

        public double GreatestGapError { get; init; }

        public long SamplesLost { get; init; }

        public override string ToString() => FormattableString.Invariant(
            $"{Feed.Name}: {Healed} healed, {Gaps} gaps (wrong by {GreatestGapError * 1000:0.0} ms at most), {Comparison.Lost} frames lost ({LostInGaps} in gaps), {Comparison.Doubled} doubled, {SamplesLost} samples lost at joints");

        public void Check(int cuts)
        {
            Assert.True(Files == cuts + 1, $"{this}");
            Assert.True(Comparison is { Doubled: 0, Foreign: 0, Disordered: 0 }, $"{this}");
            Assert.True(Comparison.Lost == LostInGaps, $"{this}");
            Assert.True(GreatestGapError <= MostGapError, $"{this}");
            Assert.True(Healed + Gaps == cuts, $"{this}");
            if (Feed.Heals)
            {
                Assert.True(Healed == cuts && Comparison.Lost == 0 && SamplesLost == 0, $"{this}");
            }
        }
    }
}
