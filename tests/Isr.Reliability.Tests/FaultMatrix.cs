using System.Collections.Concurrent;
using Isr.Tests.EndToEnd;

[assembly: AssemblyFixture(typeof(Isr.Reliability.Tests.FaultMatrix))]

namespace Isr.Reliability.Tests;

/// <summary>
/// Collects what each fault did, into artifacts/campaign/reliability-short.md, or with the full campaign into
/// reliability-full.md there, which is <c>docs/reliability.md</c> as well. Rows that were run before and not this time
/// stay, so that one fault can be tried again alone.
/// </summary>
public sealed class FaultMatrix : IAsyncDisposable
{
    private static readonly ConcurrentBag<FaultRow> s_rows = [];

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
        var artifacts = Directory.CreateDirectory(Path.Combine(Campaign.Root(), "artifacts", "campaign")).FullName;
        var path = Path.Combine(artifacts, Campaign.IsFull ? "reliability-full.md" : "reliability-short.md");
        List<FaultRow> rows = [.. s_rows];
        rows.AddRange(ReadRows(path).Where(old => !rows.Any(row => row.Kind == old.Kind && Cell(row.Injected) == Cell(old.Injected))));
        File.WriteAllLines(path, Page(rows));

        // Half a table would pass for the whole.
        if (Campaign.IsFull && Enum.GetValues<FaultKind>().All(kind => rows.Any(row => row.Kind == kind)))
        {
            File.WriteAllLines(Path.Combine(Campaign.Root(), "docs", "reliability.md"), Page(rows));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The rows of a page that was written before.</summary>
    private static IEnumerable<FaultRow> ReadRows(string path) => !File.Exists(path) ? [] : File.ReadAllLines(path)
        .Select(line => line.Split(" | "))
        .Where(cells => cells.Length == 4)
        .Select(cells => (Kind: Enum.TryParse<FaultKind>(cells[0].TrimStart('|', ' '), ignoreCase: true, out var kind) ? kind : (FaultKind?)null, cells))
        .Where(row => row.Kind is not null)
        .Select(row => new FaultRow(row.Kind!.Value, row.cells[1], row.cells[2], row.cells[3].TrimEnd('|', ' ')));

    private static IEnumerable<string> Page(List<FaultRow> rows) =>
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
        .. rows.OrderBy(row => row.Kind).ThenBy(row => row.Injected, StringComparer.Ordinal)
            .Select(row => $"| {row.Kind.ToString().ToLowerInvariant()} | {Cell(row.Injected)} | {Cell(row.MustBe)} | {Cell(row.Figures)} |"),
        "",
        $"{rows.Count} rows, on {Environment.ProcessorCount} cores.",
    ];

    private static string Cell(string text) => text.Replace("|", "/", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

/// <summary>In the order of the table.</summary>
internal enum FaultKind
{
    Network,
    Card,
    Process,
    Clock,
    Disk,
    Power,
    Scale,
}

internal sealed record FaultRow(FaultKind Kind, string Injected, string MustBe, string Figures);
