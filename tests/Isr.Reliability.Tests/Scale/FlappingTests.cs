using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Scale;

/// <summary>A hundred stations that come and go all the time: what the program holds in memory must not grow.</summary>
public sealed class FlappingTests
{
    private const int Sources = 100;

    /// <summary>Rounding of a heap that is compacted now and then.</summary>
    private const double MostGrowth = 1.15;

    [Fact]
    public Task Memory_stays_flat_while_a_hundred_sources_come_and_go()
    {
        Assert.SkipUnless(Campaign.IsFull, "Only with ISR_CAMPAIGN=full.");
        return FaultMatrix.RowAsync(
            FaultKind.Scale, $"{Sources} sources that come and go for 20 minutes", FormattableString.Invariant($"memory grows by less than {MostGrowth - 1:P0} from the second minute on"), RunAsync);
    }

    private static async Task<string> RunAsync()
    {
        var mp3 = await TestAudio.Mp3Async();
        using var folder = new ProgramFolder();
        await using var server = new FaultServer();
        var seed = Environment.TickCount;
        var names = Enumerable.Range(0, Sources).Select(i => $"s{i:000}").ToList();
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            var random = new Random(seed + i);
            server.Map("/" + name, c => FlapAsync(c, mp3, random));
        }

        folder.Configure(1, [.. names.Select(name => (name, server.Url("/" + name)))]);
        await using var program = IsrProgram.Start(folder, ["run"], withPage: true);
        await program.UntilServingAsync();

        var measured = new List<(int Minutes, long Bytes)>();
        foreach (var minutes in new[] { 2, 5, 10, 15, 20 })
        {
            var left = TimeSpan.FromMinutes(minutes - (measured.Count == 0 ? 0 : measured[^1].Minutes));
            await Task.Delay(left, TimeProvider.System, TestContext.Current.CancellationToken);
            measured.Add((minutes, program.ResidentBytes));
        }

        await program.EndAsync(Signal.Terminate);
        var connections = folder.Entries<SourceConnected>().Count;
        var figures = FormattableString.Invariant($"seed {seed}; {connections} connections; {string.Join(", ", measured.Select(m => $"{m.Bytes / 1_000_000} MB after {m.Minutes} min"))}");
        Assert.True(connections > 20 * Sources, figures);
        Assert.True(measured[^1].Bytes < measured[0].Bytes * MostGrowth, figures);
        return figures;
    }

    /// <summary>Up for 2 to 30 s, one time in three gone for a moment, one time in five in the middle of a frame.</summary>
    private static async Task FlapAsync(FaultConnection connection, TestStream stream, Random random)
    {
        if (random.Next(3) == 0)
        {
            await connection.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
            return;
        }

        await connection.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
        await connection.SendLiveAsync(stream, burstSeconds: 4, lasts: TimeSpan.FromSeconds(2 + (random.NextDouble() * 28)));
        if (random.Next(5) == 0)
        {
            await connection.SendBodyAsync(stream.Frames[0][..100]);
            await connection.ResetAsync();
        }
    }
}
