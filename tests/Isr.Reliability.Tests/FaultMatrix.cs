using System.Collections.Concurrent;
using System.Diagnostics;
using Isr.Tests.EndToEnd;

[assembly: AssemblyFixture(typeof(Isr.Reliability.Tests.FaultMatrix))]

namespace Isr.Reliability.Tests;

/// <summary>
/// Collects what each fault did, into artifacts/campaign/reliability.md. The full campaign writes it as
/// <c>docs/reliability.md</c> as well; a run of some of the tests leaves that page alone.
/// </summary>
public sealed class FaultMatrix : IAsyncDisposable
{
    private static readonly ConcurrentBag<FaultRow> s_rows = [];
    private static readonly long s_started = Stopwatch.GetTimestamp();

    /// <summary>Runs one row: its figures are entered when it holds, what went wrong when not.</summary>
    /// <param name="kind">Where it stands in the table.</param>
    /// <param name="injected">What is done, as a sentence without a full stop.</param>
    /// <param name="mustBe">What must be true after, likewise.</param>
    /// <param name="run">Does it, asserts it, and returns the figures.</param>
    internal static async Task RowAsync(FaultKind kind, string injected, string mustBe, Func<Task<string>> run)
    {
        try
        {
            s_rows.Add(new FaultRow(kind, injected, mustBe, await run()));
        }
        catch (Exception e) when (e.Message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal))
        {
            s_rows.Add(new FaultRow(kind, injected, mustBe, "not run here"));
            throw;
        }
        catch (Exception e)
        {
            s_rows.Add(new FaultRow(kind, injected, mustBe, $"**not met**: {e.Message.Split('\n')[0]}"));
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        // What a short run measured is there to be looked at, too.
        var artifacts = Directory.CreateDirectory(Path.Combine(Campaign.Root(), "artifacts", "campaign")).FullName;
        File.WriteAllLines(Path.Combine(artifacts, "reliability.md"), Page());

        // The runner's filters leave rows out, and half a table would pass for the whole.
        var isWhole = Enum.GetValues<FaultKind>().All(kind => s_rows.Any(row => row.Kind == kind));
        if (Campaign.IsFull && isWhole)
        {
            File.WriteAllLines(Path.Combine(Campaign.Root(), "docs", "reliability.md"), Page());
        }

        return ValueTask.CompletedTask;
    }

    private static IEnumerable<string> Page() =>
    [
        "# Reliability",
        "",
        "What is done to `isr`, what must be true after, and what was measured. Written by `ISR_CAMPAIGN=full ./test.sh`; not to be",
        "edited. The program is the real executable, each row a process of its own or a source in one that records others, too. Streams",
        "come from a server that does to its clients exactly what the row says, or from Icecast; disks are a FUSE file system that fails",
        "on command (`tests/Isr.Reliability.Tests/Disk/faultdisk.c`); the clock is set by an offset in a file that `ISR_TEST_CLOCK` names.",
        "",
        "In every row a witness records beside the fault, and loses nothing: every frame that was sent to it is in exactly one file.",
        "\"Lost\" are frames that were sent and are in no file, \"doubled\" those that are in two.",
        "",
        "| | injected | must be true after | measured |",
        "|---|---|---|---|",
        .. s_rows.OrderBy(row => row.Kind).ThenBy(row => row.Injected, StringComparer.Ordinal)
            .Select(row => $"| {row.Kind.ToString().ToLowerInvariant()} | {Cell(row.Injected)} | {Cell(row.MustBe)} | {Cell(row.Figures)} |"),
        "",
        FormattableString.Invariant($"{s_rows.Count} rows in {Stopwatch.GetElapsedTime(s_started).TotalMinutes:0} minutes on {Environment.ProcessorCount} cores."),
    ];

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

/// <summary>In the order of the table.</summary>
internal enum FaultKind
{
    Network,
    Process,
    Clock,
    Disk,
    Power,
    Scale,
}

internal sealed record FaultRow(FaultKind Kind, string Injected, string MustBe, string Figures);
