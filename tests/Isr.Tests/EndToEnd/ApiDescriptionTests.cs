using System.Text.Json;

namespace Isr.Tests.EndToEnd;

/// <summary>docs/openapi.json is what the program says of itself; ISR_WRITE_DOCS=1 writes it anew.</summary>
public sealed class ApiDescriptionTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    [Fact]
    public async Task The_description_in_the_docs_is_the_program_s_own()
    {
        var answer = await served.AskAsync("/openapi/v1.json");
        Assert.Equal(200, answer.Status);
        var path = Path.Combine(Campaign.Root(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("ISR_WRITE_DOCS") is not null)
        {
            await File.WriteAllTextAsync(path, answer.Text.TrimEnd() + "\n", TestContext.Current.CancellationToken);
        }

        Assert.Equal((await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).TrimEnd(), answer.Text.TrimEnd());
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_what_it_answers()
    {
        using var json = JsonDocument.Parse((await served.AskAsync("/openapi/v1.json")).Body);

        Assert.All(json.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation))), item =>
        {
            var (path, operation) = item;
            Assert.True(operation.Value.TryGetProperty("summary", out var summary) && summary.GetString()!.EndsWith('.'), $"{operation.Name} {path} has no summary");
            Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
            Assert.All(
                operation.Value.GetProperty("responses").EnumerateObject().Where(response => response.Name is "200" or "201" or "206"),
                response => Assert.True(response.Value.TryGetProperty("content", out _), $"{operation.Name} {path} does not say what its {response.Name} is"));
        });
    }
}
