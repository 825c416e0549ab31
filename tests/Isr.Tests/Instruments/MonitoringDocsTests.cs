using Isr.Commands;
using Isr.Configuration;
using Isr.Instruments;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Isr.Tests.Instruments;

/// <summary>docs/monitoring.md names what the program measures, and what goes with it is right by Prometheus' own tools. ISR_WRITE_DOCS=1 writes the table anew.</summary>
public sealed class MonitoringDocsTests
{
    private const string Begin = "<!-- written by MonitoringDocsTests -->";
    private const string End = "<!-- until here -->";

    [Fact]
    public async Task The_table_of_metrics_is_what_the_program_measures()
    {
        var path = Path.Combine(Campaign.Root(), "docs", "monitoring.md");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var table = $"\n\n{string.Join('\n', Rows())}\n\n";
        if (Environment.GetEnvironmentVariable("ISR_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, text[..from] + table + text[to..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(table, text[from..to]);
    }

    [Fact]
    public async Task The_rules_are_what_promtool_takes_and_fire_when_they_should()
    {
        var folder = Path.Combine(Campaign.Root(), "packaging", "prometheus");
        await Processes.CheckAsync("promtool", ["check", "rules", "--lint-fatal", Path.Combine(folder, "isr.rules.yml")]);
        await Processes.CheckAsync("promtool", ["test", "rules", Path.Combine(folder, "isr.rules.test.yml")]);
    }

    [Fact]
    public async Task The_rules_ask_for_what_the_program_measures()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Campaign.Root(), "packaging", "prometheus", "isr.rules.yml"), TestContext.Current.CancellationToken);
        var asked = System.Text.RegularExpressions.Regex.Matches(text, @"\bisr_\w+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(match => match.Value.Replace("_bucket", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);

        Assert.True(asked.Count > 10);
        Assert.Empty(asked.Except(Names(), StringComparer.Ordinal));
    }

    private static IEnumerable<string> Rows() =>
    [
        "| name | kind | what |",
        "|---|---|---|",
        .. Measured(table => table.All.Select(i => $"| `{i.Name}` | {(i.Kind == InstrumentKind.Counter ? "counter" : "gauge")} | {i.Help} |")),
        .. Measured(table => table.Histograms.Select(h => $"| `{h.Name}` | histogram | {h.Help} |")),
    ];

    private static string[] Names() => Measured(table => table.All.Select(i => i.Name).Concat(table.Histograms.Select(h => h.Name)));

    private static string[] Measured(Func<InstrumentTable, IEnumerable<string>> read)
    {
        using var directory = new TemporaryDirectory();
        using var host = RunCommand.Build(Settings.ForFolder(directory.File("recordings")), new WebOptions { Port = 0 }, RunParts.All, log: null);
        return [.. read(host.Services.GetRequiredService<InstrumentTable>())];
    }
}
