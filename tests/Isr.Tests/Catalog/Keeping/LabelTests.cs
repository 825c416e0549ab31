using System.Net;
using System.Text.Json;
using Isr.Catalog.Keeping;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Keeping;

[SideBySide]
public sealed class LabelTests
{
    private const string Target = "/api/labels";
    private static readonly string[] s_usual = ["Voice", "Music", "Bird", "Animal", "Vehicle", "Aircraft", "Impact", "Alarm", "Other"];
    private static readonly string[] s_own = ["Käuzchen", "", "\"so\", he said", "鳥", "4", "5", "6", "7", ""];

    [Fact]
    public async Task Keys_have_the_usual_labels_until_others_are_put_and_those_stay()
    {
        await using var kept = await KeptFolder.StartAsync();
        Assert.Equal(s_usual, await ReadAsync(kept));

        var (status, json) = await kept.AskAsync("PUT", Target, JsonSerializer.Serialize(s_own));
        Assert.Equal((HttpStatusCode.OK, JsonSerializer.Serialize(s_own)), (status, JsonSerializer.Serialize(json)));
        Assert.Equal(s_own, await ReadAsync(kept));
        await kept.EndAsync();
        File.Delete(Path.Combine(kept.State, "catalog.db"));
        await kept.BeginAsync();
        Assert.Equal(s_own, await ReadAsync(kept));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""["1", "2", "3", "4", "5", "6", "7", "8"]""")]
    [InlineData("""["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]""")]
    [InlineData("""["1", "2", "3", "4", "5", "6", "7", "8", null]""")]
    [InlineData("""["1", "2", "3", "4", "5", "6", "7", "8", 9]""")]
    [InlineData("""["1", "2", "3", "4", "5", "6", "7", "8", "two\nlines"]""")]
    public async Task What_is_no_nine_labels_is_refused_with_a_sentence(string body)
    {
        await using var kept = await KeptFolder.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("PUT", Target, body)).Status);

        Assert.Equal(s_usual, await ReadAsync(kept));
    }

    [Fact]
    public async Task A_label_may_be_as_long_as_that_of_a_mark()
    {
        await using var kept = await KeptFolder.StartAsync();
        string[] Long(int length) => [.. s_usual[..8], new string('\u00e4', length)];

        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("PUT", Target, JsonSerializer.Serialize(Long(200)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("PUT", Target, JsonSerializer.Serialize(Long(201)))).Status);

        Assert.Equal(Long(200), await ReadAsync(kept));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""["one"]""")]
    [InlineData("""["1", "2", "3", "4", "5", "6", "7", "8", "two\nlines"]""")]
    public void A_file_that_holds_no_labels_costs_a_warning(string content)
    {
        using var directory = new TemporaryDirectory();
        var log = new CollectedLog<LabelStore>();
        var labels = new LabelStore(new KeepingOptions(directory.Path, directory.Path), log);
        Directory.CreateDirectory(directory.File("marks"));
        File.WriteAllText(Path.Combine(directory.File("marks"), "labels.json"), content);

        Assert.Equal(s_usual, labels.Read());

        Assert.Contains("the usual labels", Assert.Single(log.Lines), StringComparison.Ordinal);
        labels.Replace(s_own);
        Assert.Equal(s_own, labels.Read());
    }

    [Fact]
    public async Task Whoever_listens_is_told_when_marks_or_labels_change_whichever_process_changed_them()
    {
        await using var kept = await KeptFolder.StartToldAsync("a.mp3");
        using var events = await kept.SendAsync("GET", "/api/events", streamed: true);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await kept.AskAsync("PUT", "/api/marks/m", """{"file": "a.mp3"}""");
        Assert.Equal("{}", (await EventLines.NextAsync(reader, "marks")).GetRawText());
        await kept.AskAsync("PUT", Target, JsonSerializer.Serialize(s_own));
        await EventLines.NextAsync(reader, "marks");

        // As another process does it.
        var options = new KeepingOptions(kept.Folder, kept.State);
        new MarkStore(options).Append(new MarkChange([], ["m"]));
        await EventLines.NextAsync(reader, "marks");
        var labels = new LabelStore(options, new CollectedLog<LabelStore>());
        foreach (var own in (string[][])[s_usual, s_own, s_usual])
        {
            labels.Replace(own);
            await EventLines.NextAsync(reader, "marks");
        }
    }

    private static async Task<string[]> ReadAsync(KeptFolder kept) => [.. (await kept.AskAsync("GET", Target)).Json.EnumerateArray().Select(label => label.GetString()!)];
}
