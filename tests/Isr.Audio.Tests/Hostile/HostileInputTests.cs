using System.Collections.Concurrent;
using System.Diagnostics;

namespace Isr.Audio.Tests.Hostile;

[CollectionDefinition(nameof(HostileInputs), DisableParallelization = true)]
public sealed class HostileInputs;

/// <summary>
/// Real streams, damaged at random and on purpose, through readers and muxers. ISR_CAMPAIGN=full runs many more and
/// writes artifacts/campaign/hostile.md; ISR_HOSTILE=FORMAT:SEED runs one input alone.
/// </summary>
[Collection(nameof(HostileInputs))]
public sealed class HostileInputTests
{
    private const int Inputs = 1000;
    private const int CampaignInputs = 100_000;
    private const int Rounds = 4;
    private const long MaxGrowth = 16L * 1024 * 1024;
    private static readonly ConcurrentDictionary<string, string> Rows = new(StringComparer.Ordinal);

    private static bool IsCampaign => Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full";

    private static string? Alone => Environment.GetEnvironmentVariable("ISR_HOSTILE");

    public static TheoryData<string> Formats => [.. HostileFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_input_breaks_what_readers_and_muxers_promise(string name)
    {
        var format = HostileFormat.All.Single(format => format.Name == name);
        Assert.SkipUnless(format.IsRecorded(), "This format is not recorded yet.");
        if (Alone?.Split(':') is { } alone)
        {
            Assert.SkipUnless(alone[0] == name, "Another format runs alone.");
            Report(name, [Run(format, int.Parse(alone[1]), 1)]);
            return;
        }

        // The first round fills what is kept for good: captures, pools, compiled code.
        var (inputs, watch) = (IsCampaign ? CampaignInputs : Inputs, Stopwatch.StartNew());
        var runs = new List<HostileRun>();
        long retained = 0;
        for (var round = 0; round < Rounds; round++)
        {
            runs.Add(Run(format, round * (inputs / Rounds), inputs / Rounds));
            retained = round == 0 ? GC.GetTotalMemory(forceFullCollection: true) : retained;
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - retained;
        Enter(name, inputs, runs, growth, watch.Elapsed);
        Report(name, runs);
        Assert.True(growth < MaxGrowth, $"{growth} bytes more are held than after the first round.");
    }

    private static HostileRun Run(HostileFormat format, int firstSeed, int inputs)
    {
        var run = new HostileRun(format, firstSeed, inputs);
        run.Run();
        return run;
    }

    private static void Report(string name, List<HostileRun> runs)
    {
        var faults = runs.SelectMany(run => run.Faults).ToList();
        if (faults.Count == 0)
        {
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Artifacts(), "hostile")).FullName;
        var format = HostileFormat.All.Single(format => format.Name == name);
        foreach (var (seed, _) in faults)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{name}-{seed}.bin"), format.Input(seed, out _));
        }

        Assert.Fail($"The inputs are in artifacts/hostile; ISR_HOSTILE={name}:SEED runs one alone.\n"
            + string.Join('\n', faults.Select(fault => $"seed {fault.Seed}: {fault.Fault}")));
    }

    private static void Enter(string name, int inputs, List<HostileRun> runs, long growth, TimeSpan took)
    {
        var (longest, slowSeed) = runs.Max(run => run.Longest);
        var (most, largeSeed) = runs.Max(run => run.MostAllocated);
        var (files, manySeed) = runs.Max(run => run.MostFiles);
        Rows[name] = $"| {name} | {inputs:N0} | {runs.Sum(run => run.Bytes) / 1e6:N0} | {runs.Sum(run => run.Frames):N0} | {runs.Sum(run => run.Files):N0} "
            + $"| {runs.Sum(run => run.Written) / 1e6:N0} | {runs.Sum(run => run.Refusals):N0} | {longest.TotalMilliseconds:N0} ({slowSeed}) "
            + $"| {most / 1e6:N1} ({largeSeed}) | {files:N0} ({manySeed}) | {growth / 1e6:N1} | {runs.Sum(run => run.FaultCount)} | {took.TotalSeconds:N0} |";
        string[] lines =
        [
            "# Hostile input",
            "",
            "Longest, most allocated and most files are of one input; its seed stands behind in brackets.",
            "",
            "| format | inputs | MB | frames | files | MB written | refusals | longest ms | most allocated MB | most files | held more MB | faults | s |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
            .. HostileFormat.All.Select(format => Rows.GetValueOrDefault(format.Name)).OfType<string>(),
        ];
        TestContext.Current.TestOutputHelper?.WriteLine(lines[^1]);
        if (IsCampaign)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Artifacts(), "campaign")).FullName;
            File.WriteAllLines(Path.Combine(folder, "hostile.md"), lines);
        }
    }

    private static string Artifacts()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Isr.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("This is not the project's folder.");
        }

        return Path.Combine(folder, "artifacts");
    }
}
