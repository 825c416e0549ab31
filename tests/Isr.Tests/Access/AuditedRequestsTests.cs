using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Isr.Access;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Access;

/// <summary>What is done over HTTP stands in the audit log and in the journal, with who did it.</summary>
public sealed class AuditedRequestsTests : IAsyncLifetime
{
    private const string Plain = "20260521_101500.wav";
    private const string Told = "news/20260522_101500.wav";

    private static readonly DateTimeOffset s_start = new(2026, 5, 22, 10, 15, 0, TimeSpan.Zero);

    private readonly GuardedProgram _program = new();

    public ValueTask InitializeAsync()
    {
        JournalFiles.Append(
            _program.StateDirectory,
            new FileOpened("news", Told, s_start, "Pcm", 8000, 1, null) { At = s_start },
            new FileClosed("news", Told, s_start.AddSeconds(2), 16_000, 32_044, "stopped") { At = s_start.AddSeconds(2) });
        return _program.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Who_did_what_can_be_read_afterwards()
    {
        var cookie = await _program.CookieAsync(GuardedProgram.ManagePassword);
        var (player, scripts) = (GuardedProgram.Bearer(_program.ListenToken), GuardedProgram.Bearer(_program.ManageToken));

        // None of these is done.
        await DoAsync(HttpStatusCode.Forbidden, "DELETE", "/api/files/" + Plain, player);
        await DoAsync(HttpStatusCode.Unauthorized, "GET", $"/api/cut?file={Plain}&start=0&end=1");
        await DoAsync(HttpStatusCode.BadRequest, "GET", $"/api/cut?file={Plain}&start=1&end=1", player);
        await DoAsync(HttpStatusCode.NotFound, "GET", "/api/export?source=none&from=2026-05-22&to=2026-05-22", player);
        await DoAsync(HttpStatusCode.NotFound, "DELETE", "/api/files/none.wav", scripts);

        await DoAsync(HttpStatusCode.OK, "GET", $"/api/cut?file={Plain}&start=0&end=1", player);
        await DoAsync(HttpStatusCode.OK, "GET", "/api/export?source=news&from=2026-05-22T10:15:00Z&to=2026-05-22T10:15:01Z", cookie);
        await DoAsync(HttpStatusCode.Created, "PUT", "/api/marks/m1", $$"""{"file": "{{Plain}}", "label": "siren"}""", scripts);
        await DoAsync(HttpStatusCode.OK, "DELETE", "/api/marks/m1", cookie);
        await DoAsync(HttpStatusCode.OK, "PUT", "/api/labels", """["a", "", "b", "", "", "", "", "", ""]""", cookie);
        await DoAsync(HttpStatusCode.OK, "DELETE", "/api/files/" + Plain, scripts);
        await DoAsync(HttpStatusCode.OK, "POST", "/api/trash/restore", $$"""{"name": "{{Plain}}"}""", cookie);
        await DoAsync(HttpStatusCode.OK, "DELETE", "/api/files/" + Plain, cookie);
        await DoAsync(HttpStatusCode.OK, "DELETE", "/api/trash", scripts);

        var file = Assert.Single(Directory.EnumerateFiles(Path.Combine(_program.StateDirectory, "audit")));
        Assert.True(DateTime.TryParseExact(Path.GetFileName(file), "yyyy-MM'.jsonl'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), file);
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                ("sign_in", "manage, 127.0.0.1", null, null),
                ("cut", "token player, 127.0.0.1", Plain, "0 to 1"),
                ("exported", "manage, 127.0.0.1", "news", "2026-05-22T10:15:00Z to 2026-05-22T10:15:01Z"),
                ("marked", "token scripts, 127.0.0.1", "m1", Plain),
                ("unmarked", "manage, 127.0.0.1", "m1", null),
                ("labelled", "manage, 127.0.0.1", null, "1 a, 3 b"),
                ("deleted", "token scripts, 127.0.0.1", Plain, null),
                ("restored", "manage, 127.0.0.1", Plain, null),
                ("deleted", "manage, 127.0.0.1", Plain, null),
                ("purged", "token scripts, 127.0.0.1", null, "1 recordings, 32044 bytes"),
            ],
            lines.Select(line => JsonSerializer.Deserialize(line, AuditJson.Default.AuditLine)!).Select(line => (line.What, line.Who, line.Name, line.Detail)));

        await Wait.UntilAsync(() => Journal<FilePurged>().Count > 0, TimeSpan.FromSeconds(10), "the journal tells of it");
        Assert.Equal([(Plain, "token scripts, 127.0.0.1"), (Plain, "manage, 127.0.0.1")], Journal<FileDeleted>().Select(entry => (entry.File, entry.By)));
        Assert.Equal((Plain, "manage, 127.0.0.1"), Journal<FileRestored>().Select(entry => (entry.To, entry.By)).Single());
        Assert.Equal((Plain, "token scripts, 127.0.0.1"), Journal<FilePurged>().Select(entry => (entry.File, entry.By)).Single());
    }

    private List<T> Journal<T>()
        where T : JournalEntry => [.. JournalReader.Days(_program.StateDirectory).SelectMany(JournalReader.Read).OfType<T>()];

    private Task DoAsync(HttpStatusCode expected, string method, string path, params (string, string)[] headers) => DoAsync(expected, method, path, null, headers);

    private async Task DoAsync(HttpStatusCode expected, string method, string path, string? body, params (string, string)[] headers)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _program.AskAsync(method, path, content, headers);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(expected == answer.StatusCode, $"{method} {path}: {answer.StatusCode} {(answer.Content.Headers.ContentType?.MediaType == "audio/wav" ? "" : text)}");
    }
}
