using System.Net;
using System.Text.Json;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Keeping;

[SideBySide]
public sealed class MarkTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_mark_is_put_found_changed_and_removed()
    {
        await using var kept = await KeptFolder.StartToldAsync("a.mp3");

        var (status, json) = await kept.AskAsync("PUT", "/api/marks/m-1", """{"file": "a.mp3", "start": 10, "end": 20.5, "label": "siren", "reviewed": true}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("news", s_start.AddSeconds(10), s_start.AddSeconds(20.5)), (json.GetProperty("source").GetString(), json.GetProperty("from").GetDateTimeOffset(), json.GetProperty("to").GetDateTimeOffset()));

        // What was given is what may be sent back.
        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("PUT", "/api/marks/m-1", json.GetRawText())).Status);
        using var answer = await kept.SendAsync("GET", "/api/marks/m-1");
        using var again = await kept.SendAsync("GET", "/api/marks/m-1", tag: answer.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("siren", (await kept.AskAsync("GET", "/api/marks/m-1")).Json.GetProperty("label").GetString());
        (await RawHttp.AskAsync(kept.Page.Port, "GET", "/api/marks/m-1", "If-Match: \"other\"")).IsProblem(412);

        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("DELETE", "/api/marks/m-1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("DELETE", "/api/marks/m-1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("GET", "/api/marks/m-1")).Status);
    }

    [Theory]
    [InlineData("""{"file": "none.mp3"}""", 404)]
    [InlineData("""{"file": "../a.mp3"}""", 400)]
    [InlineData("""{"file": null}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("""[]""", 400)]
    [InlineData("""{"file": "a.mp3", "start": 1}""", 400)]
    [InlineData("""{"file": "a.mp3", "start": 2, "end": 1}""", 400)]
    [InlineData("""{"file": "a.mp3", "start": -1, "end": 1}""", 400)]
    [InlineData("""{"file": "a.mp3", "start": 1, "end": 1e400}""", 400)]
    [InlineData("""{"file": "a.mp3", "start": 100, "end": 101}""", 400)]
    [InlineData("""{"file": "a.mp3", "labl": "x"}""", 400)]
    [InlineData("""{"file": "a.mp3", "label": "two\nlines"}""", 400)]
    [InlineData("""{"file": "a.mp3", "id": "other"}""", 400)]
    [InlineData("""{"file": "a.mp3", "start": 1, "end": 1e300}""", 201)]
    public async Task A_body_that_is_no_mark_is_refused_with_a_sentence(string body, int status)
    {
        await using var kept = await KeptFolder.StartToldAsync("a.mp3");

        Assert.Equal(status, (int)(await kept.AskAsync("PUT", "/api/marks/m", body)).Status);
        Assert.Equal(400, (int)(await kept.AskAsync("PUT", "/api/marks/m.%20", """{"file": "a.mp3"}""")).Status);
        Assert.Equal(400, (int)(await kept.AskAsync("PUT", "/api/marks/m", JsonSerializer.Serialize(new { file = "a.mp3", label = new string('x', 201) }))).Status);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_a_sentence_before_it_is_sent()
    {
        await using var kept = await KeptFolder.StartAsync();

        foreach (var (method, target) in new[] { ("PUT", "/api/marks"), ("PUT", "/api/marks/m"), ("PUT", "/api/labels"), ("POST", "/api/trash"), ("POST", "/api/zip"), ("POST", "/api/trash/restore") })
        {
            (await RawHttp.AskAsync(kept.Page.Port, method, target, "Content-Type: application/json", "Content-Length: 2000000", "Expect: 100-continue")).IsProblem(413);
        }
    }

    [Fact]
    public async Task Many_marks_come_all_or_not_at_all_and_are_listed_page_by_page()
    {
        await using var kept = await KeptFolder.StartToldAsync("a.mp3", "b.mp3");
        var many = Enumerable.Range(0, 25).Select(i => new { id = $"m{i:00}", file = i < 13 ? "a.mp3" : "b.mp3", start = i, end = i + 1, label = i % 2 == 0 ? "even" : null, reviewed = i % 5 == 0 }).ToList();

        var wrong = many.Append(new { id = "bad", file = "none.mp3", start = 0, end = 1, label = (string?)null, reviewed = false });
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("PUT", "/api/marks", JsonSerializer.Serialize(wrong))).Status);
        Assert.Empty((await kept.AskAsync("GET", "/api/marks")).Json.EnumerateArray());
        var tooMany = Enumerable.Range(0, 1001).Select(i => new { id = $"t{i}", file = "a.mp3" });
        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("PUT", "/api/marks", JsonSerializer.Serialize(tooMany))).Status);
        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("PUT", "/api/marks", JsonSerializer.Serialize(many))).Status);

        var ids = new List<string>();
        for (var target = "/api/marks?limit=10&source=news"; target is not null;)
        {
            using var page = await kept.SendAsync("GET", target);
            using var json = JsonDocument.Parse(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            ids.AddRange(json.RootElement.EnumerateArray().Select(m => m.GetProperty("id").GetString()!));
            target = page.Headers.TryGetValues("Link", out var link) ? link.Single().Split('>')[0][1..] : null;
        }

        Assert.Equal([.. many.Select(m => m.id)], [.. ids]);
        Assert.Equal(12, await CountAsync("file=b.mp3"));
        Assert.Equal(13, await CountAsync("label=EVEN"));
        Assert.Equal(5, await CountAsync("reviewed=true"));
        Assert.Equal(3, await CountAsync("from=2026-05-23T12:00:10Z&to=2026-05-23T12:00:13Z"));
        Assert.Equal(0, await CountAsync("source=other"));
        foreach (var query in new[] { "from=yesterday", "limit=0", "after=x", "limit=x", "reviewed=maybe" })
        {
            Assert.Equal((query, HttpStatusCode.BadRequest), (query, (await kept.AskAsync("GET", $"/api/marks?{query}")).Status));
        }

        async Task<int> CountAsync(string query) => (await kept.AskAsync("GET", $"/api/marks?{query}")).Json.GetArrayLength();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Marks_survive_the_index_and_find_their_recording_under_another_name(bool isTold)
    {
        await using var kept = await KeptFolder.StartToldAsync("old/a.mp3");
        await kept.AskAsync("PUT", "/api/marks/m", """{"file": "old/a.mp3", "start": 1, "end": 2, "protected": true}""");
        await kept.EndAsync();

        Directory.CreateDirectory(kept.PathOf("new"));
        File.Move(kept.PathOf("old/a.mp3"), kept.PathOf("new/a.mp3"));
        if (isTold)
        {
            JournalFiles.Append(kept.State, new FileMoved("old/a.mp3", "new/a.mp3") { At = s_start.AddDays(1) });
        }

        File.Delete(Path.Combine(kept.State, "catalog.db"));
        await kept.BeginAsync();

        Assert.Equal("new/a.mp3", Assert.Single((await kept.AskAsync("GET", "/api/files?source=news")).Json.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("m", Assert.Single((await kept.AskAsync("GET", "/api/marks?file=new/a.mp3")).Json.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await kept.AskAsync("DELETE", "/api/files/new/a.mp3")).Status);

        // It can be taken back although its file has gone; where nobody told of the move, the mark names the new one by now.
        var file = isTold ? "old/a.mp3" : "new/a.mp3";
        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("PUT", "/api/marks/m", $$"""{"file": "{{file}}", "start": 1, "end": 2}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("DELETE", "/api/files/new/a.mp3")).Status);
    }

    [Fact]
    public async Task The_diary_is_a_table_that_no_spreadsheet_computes_and_a_page_that_runs_nothing()
    {
        await using var kept = await KeptFolder.StartToldAsync("a.mp3");
        await kept.AskAsync("PUT", "/api/marks/1", """{"file": "a.mp3", "start": 1, "end": 2.5, "label": "=1+1", "note": "said \"so\",\nloudly"}""");
        await kept.AskAsync("PUT", "/api/marks/2", """{"file": "a.mp3", "start": 3, "end": 4, "reviewed": true, "note": "<script>alert(1)</script>"}""");
        await kept.AskAsync("PUT", "/api/marks/3", """{"file": "a.mp3", "start": 5, "end": 6}""");

        using var csv = await kept.SendAsync("GET", "/api/diary?from=2026-05-23");
        var lines = (await csv.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.Equal("attachment", csv.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("diary_20260523.csv", csv.Content.Headers.ContentDisposition.FileName);
        Assert.Equal("time,offset,source,seconds,label,note,file", lines[0]);
        Assert.EndsWith(",news,1.5,'=1+1,\"said \"\"so\"\",\nloudly\",a.mp3", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",news,1,,<script>alert(1)</script>,a.mp3", lines[2], StringComparison.Ordinal);
        Assert.Equal([""], lines[3..]);

        using var html = await kept.SendAsync("GET", "/api/diary?format=html");
        var page = await html.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("GET", "/api/diary?format=pdf")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("GET", "/api/diary?from=x")).Status);
    }
}
