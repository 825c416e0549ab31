using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Isr.Tests.EndToEnd;

/// <summary>docs/http-routes.md has every route with every status code that it gives, and tests that there are.</summary>
public sealed partial class RouteTableTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    /// <summary>How the table names what holds for all routes.</summary>
    private const string All = "all";

    /// <summary>What the program answers and does not describe.</summary>
    private static readonly string[] s_undescribed = ["GET /", "GET /openapi/v1.json", "any /api/…", "any unknown"];

    [Fact]
    public async Task Every_status_code_of_the_description_has_a_row()
    {
        var rows = Rows().SelectMany(row => row.Operations.Select(operation => (operation, row.Status))).ToHashSet();

        var missing = (await DescribedAsync()).Where(item => !rows.Contains(item) && !rows.Contains((All, item.Status)));

        Assert.Empty(missing.Order());
    }

    [Fact]
    public async Task Every_row_is_of_a_route_that_is_described_so()
    {
        var described = await DescribedAsync();

        var unknown = Rows().SelectMany(row => row.Operations.Select(operation => (operation, row.Status)))
            .Where(item => item.operation != All && !s_undescribed.Contains(item.operation, StringComparer.Ordinal) && !described.Contains(item));

        Assert.Empty(unknown.Order());
    }

    [Fact]
    public void Every_row_names_tests_that_there_are()
    {
        var tests = typeof(RouteTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);

        var rows = Rows();

        Assert.True(rows.Count > 100, $"{rows.Count} rows were found");
        Assert.Empty(rows.Where(row => row.Tests.Count == 0).Select(row => row.Line));
        Assert.Empty(rows.SelectMany(row => row.Tests).Where(test => !tests.Contains(test)).Distinct(StringComparer.Ordinal));
    }

    /// <summary>Each operation and status code that the program tells of itself.</summary>
    private async Task<HashSet<(string Operation, int Status)>> DescribedAsync()
    {
        using var json = JsonDocument.Parse((await served.AskAsync("/openapi/v1.json")).Body);
        return
        [
            .. json.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().SelectMany(operation => operation.Value
                .GetProperty("responses").EnumerateObject()
                .Select(response => ($"{operation.Name.ToUpperInvariant()} {path.Name}", int.Parse(response.Name, CultureInfo.InvariantCulture))))),
        ];
    }

    private static List<Row> Rows() =>
    [
        .. File.ReadLines(Path.Combine(Campaign.Root(), "docs", "http-routes.md"))
            .Select(line => (Line: line, Cells: line.Split('|', StringSplitOptions.TrimEntries)))
            .Where(item => item.Cells is ["", _, { Length: 3 } status, _, _, ""] && status.All(char.IsAsciiDigit))
            .Select(item => new Row(
                item.Line,
                [.. Operations(item.Cells[1].Trim('`'))],
                int.Parse(item.Cells[2], CultureInfo.InvariantCulture),
                [.. Test().Matches(item.Cells[4]).Select(match => match.Value)])),
    ];

    /// <summary>"GET HEAD /path" is two.</summary>
    private static IEnumerable<string> Operations(string route)
    {
        var words = route.Split(' ');
        return words.Length == 1 ? words : words[..^1].Select(method => $"{method} {words[^1]}");
    }

    [GeneratedRegex(@"\w+Tests\.\w+")]
    private static partial Regex Test();

    private sealed record Row(string Line, IReadOnlyList<string> Operations, int Status, IReadOnlyList<string> Tests);
}
