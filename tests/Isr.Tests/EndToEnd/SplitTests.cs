using Isr.Commands;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>
/// Real streams through a real Icecast, split by the clock. With ISR_CAMPAIGN=full it goes on for two minutes and
/// writes its table to artifacts/campaign/splits.md.
/// </summary>
public sealed class SplitTests(SharedIcecast icecast)
{
    private static readonly bool s_isFull = Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full";

    private static readonly (string Name, string Mount, string Format, int Kilobits)[] s_streams =
    [
        ("MP3 64 kbit/s", "/split64.mp3", "mp3", 64),
        ("MP3 128 kbit/s", "/split128.mp3", "mp3", 128),
        ("MP3 320 kbit/s", "/split320.mp3", "mp3", 320),
        ("MP3 VBR", "/splitvbr.mp3", "vbr", 128),
        ("AAC 128 kbit/s", "/split.aac", "adts", 128),
    ];

    [Fact]
    public async Task Files_of_five_streams_partition_them_at_the_clock_s_boundaries()
    {
        using var directory = new TemporaryDirectory();
        var urls = await Task.WhenAll(s_streams.Select((s, i) => icecast.MountAsync(s.Mount, s.Format, s.Kilobits, seed: i + 1)));
        var taps = await Task.WhenAll(urls.Select(u => RawTap.StartAsync(u)));
        var sources = s_streams.Select((s, i) => TestSettings.Stream(s.Name, directory.File("rec", $"{i}"), urls[i]) with
        {
            SplitInterval = TimeSpan.FromSeconds(s_isFull ? 15 : 6),
        });

        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, [.. sources]);
        var splits = s_isFull ? 8 : 4;
        await Wait.UntilAsync(
            () => s_streams.All(s => program.FilesOf(s.Name).Count > splits), TimeSpan.FromSeconds(s_isFull ? 150 : 40), () => string.Join('\n', program.Journal));
        await program.StopAsync();
        var verdicts = new List<SplitVerdict>();
        foreach (var (stream, tap) in s_streams.Zip(taps))
        {
            // What the recorder heard last must have reached the tap too.
            await tap.WaitForBytesAsync(tap.Length + 5000, TimeSpan.FromSeconds(10));
            verdicts.Add(await SplitVerdict.JudgeAsync(program, stream.Name, tap));
            await tap.DisposeAsync();
        }

        Report(SplitVerdict.Table(verdicts));
        Assert.All(verdicts, v => v.IsPerfect());
        Assert.Empty(program.Journal.OfType<GapFound>());
        Assert.All(program.Journal.OfType<FileClosed>(), c => Assert.True(c.How is GapCause.Split or GapCause.Stopped, c.How));
        Assert.DoesNotContain(program.Log, line => line.Contains(" WARNING  [", StringComparison.Ordinal) || line.Contains(" ERROR ", StringComparison.Ordinal));
    }

    private static void Report(string table)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(table);
        if (s_isFull)
        {
            var artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(artifacts, "campaign")).FullName, "splits.md"), table);
        }
    }
}
