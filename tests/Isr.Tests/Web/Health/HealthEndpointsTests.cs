using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isr.Tests.EndToEnd;
using Isr.Web.Health;

namespace Isr.Tests.Web.Health;

public sealed partial class HealthEndpointsTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    [Fact]
    public async Task Health_is_told_as_json()
    {
        var answer = await served.AskAsync("/healthz");

        // The disk of this computer is what it is.
        using var json = JsonDocument.Parse(answer.Body);
        var status = json.RootElement.GetProperty("status").GetString();
        Assert.Equal(status == "ok" ? 200 : 503, answer.Status);
        Assert.Equal(3, json.RootElement.GetProperty("checks").GetArrayLength());
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal((answer.Status, 0), ((await served.AskAsync("/healthz", "HEAD")).Status, (await served.AskAsync("/healthz", "HEAD")).Body.Length));
    }

    [Fact]
    public async Task Every_line_of_the_metrics_is_of_the_format()
    {
        // The list has what the index has.
        await served.AskAsync("/api/files");
        var answer = await served.AskAsync("/metrics");

        Assert.Equal((200, MetricsText.ContentType), (answer.Status, answer["Content-Type"]));
        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        var types = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToList();
        Assert.Equal(types.Distinct(StringComparer.Ordinal), types, StringComparer.Ordinal);
        Assert.All(lines.Where(l => l[0] != '#'), l => Assert.Contains(l.Split('{', ' ')[0], types, StringComparer.Ordinal));
        Assert.True(double.Parse(lines.Single(l => l.StartsWith("isr_recordings ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture) >= 14);
        Assert.Contains("isr_recorder_up 0", lines, StringComparer.Ordinal);
    }

    [Fact]
    public void Labels_may_hold_anything()
    {
        var text = new MetricsText();
        text.Begin("a", "gauge", "back\\slash\nline");
        text.Add("a", 0.1, ("one", "q\"b\\n\nü"), ("two", ""));
        text.Add("a", 12345678901234);

        Assert.Equal("# HELP a back\\\\slash\\nline\n# TYPE a gauge\na{one=\"q\\\"b\\\\n\\nü\",two=\"\"} 0.1\na 12345678901234\n", text.ToString());
    }

    [GeneratedRegex("""^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (gauge|counter)|[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? -?[0-9.eE+-]+)$""")]
    private static partial Regex Line();
}
