using System.Text.Json;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>What the web part answers, byte for byte over a socket.</summary>
public sealed class ApiTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    private const string Recording = "/stream/20260521_101500.mp3";

    public static TheoryData<string> OddNames => [.. ServedFolder.OddNames];

    [Fact]
    public async Task Recordings_are_listed_newest_first_with_what_is_known_of_them()
    {
        var listed = await ListAsync("");

        Assert.Equal(["news/20260523_000000.mp3", "20260522_101500.mp3", "20260521_101500.mp3"], listed.Take(3).Select(Name), StringComparer.Ordinal);
        Assert.Equal(ServedFolder.OddNames.Order(StringComparer.Ordinal), listed.Skip(3).Select(Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal("2026-05-22 10:15:00", listed[1].GetProperty("date").GetString());
        Assert.Equal(served.Sound.Length, listed[1].GetProperty("size").GetInt32());
        Assert.InRange(listed[1].GetProperty("duration").GetDouble(), 3.0, 3.1);
        Assert.Equal(2.0, listed[0].GetProperty("duration").GetDouble());
        Assert.Equal("news", listed[0].GetProperty("source").GetString());
        Assert.All(listed, item => Assert.False(item.GetProperty("recording").GetBoolean()));
    }

    [Theory]
    [InlineData("?q=NEWS", 1)]
    [InlineData("?from=2026-05-22", 2)]
    [InlineData("?from=2026-05-22&to=2026-05-22", 1)]
    [InlineData("?from=2026-05-22%2011:00:00&to=2026-05-23", 1)]
    [InlineData("?source=news", 1)]
    [InlineData("?limit=2", 2)]
    [InlineData("?limit=0", 0)]
    [InlineData("?q=2026&limit=-1", 0)]
    [InlineData("?q=no%20such", 0)]
    public async Task The_list_can_be_narrowed(string query, int count) => Assert.Equal(count, (await ListAsync(query)).Count);

    [Theory]
    [InlineData("")]
    [InlineData("&q=mp3&from=2025-01-01")]
    public async Task Pages_follow_one_another_without_a_hole(string filter)
    {
        var whole = (await ListAsync("?" + filter.TrimStart('&'))).Select(Name).ToList();
        var names = new List<string>();
        var address = $"/api/files?limit=3{filter}";
        while (address is not null)
        {
            var answer = await served.AskAsync(address);
            using var json = JsonDocument.Parse(answer.Body);
            Assert.InRange(json.RootElement.GetArrayLength(), whole.Count - names.Count < 3 ? 0 : 3, 3);
            names.AddRange(json.RootElement.EnumerateArray().Select(Name));
            address = answer.Headers.TryGetValue("Link", out var link) ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
            Assert.True(link?.EndsWith("; rel=\"next\"", StringComparison.Ordinal) ?? true, link);
        }

        Assert.Equal(whole, names);
    }

    [Theory]
    [InlineData("/api/files?after=%21", 400)]
    [InlineData("/api/files?after=YWJj", 400)]
    [InlineData("/api/files?limit=many", 400)]
    [InlineData("/api/levels", 400)]
    [InlineData("/api/levels?file=20260521_101500.mp3&source=mic", 400)]
    [InlineData("/api/levels?source=mic", 400)]
    [InlineData("/api/levels?source=mic&from=2026-05-23T10:00:00Z", 400)]
    [InlineData("/api/levels?source=mic&from=2026-05-23T10:00:00Z&to=2026-05-23T10:00:00Z", 400)]
    [InlineData("/api/levels?source=mic&from=2026-05-23T10:00:00Z&to=12", 400)]
    [InlineData("/api/levels?source=mic&from=2025-01-01&to=2026-05-23", 400)]
    [InlineData("/api/levels?source=mic&from=0001-01-01T00:00:00Z&to=0001-01-02T00:00:00Z", 400)]
    [InlineData("/api/levels?source=mic&from=2026-05-23&to=2026-05-23&points=10001", 400)]
    [InlineData("/api/levels?file=20260521_101500.mp3&from=3&to=2", 400)]
    [InlineData("/api/levels?file=20260521_101500.mp3&from=NaN", 400)]
    [InlineData("/api/levels?file=20260521_101500.mp3&points=0", 400)]
    [InlineData("/api/levels?file=20260521_101500.mp3&points=10001", 400)]
    [InlineData("/api/levels?file=none.mp3", 404)]
    [InlineData("/api/levels?file=..%2Fsecret.mp3", 404)]
    [InlineData("/api/coverage?from=then", 400)]
    [InlineData("/api/coverage?from=2026-05-23&to=2026-05-22", 400)]
    [InlineData("/openapi/v2.json", 404)]
    public async Task What_is_wrong_with_a_request_is_said_in_a_sentence(string target, int status)
    {
        var answer = await served.AskAsync(target);

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
        using var json = JsonDocument.Parse(answer.Body);
        Assert.EndsWith(".", json.RootElement.GetProperty("error").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Levels_are_drawn_of_any_stretch()
    {
        var answer = await served.AskAsync("/api/levels?file=20260521_101500.mp3&from=1&to=2&points=5");

        Assert.Equal(200, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal((1.0, 2.0), (json.RootElement.GetProperty("from").GetDouble(), json.RootElement.GetProperty("to").GetDouble()));
        Assert.All(json.RootElement.GetProperty("max").EnumerateArray(), v => Assert.InRange(v.GetDouble(), 0.1, 0.15));
        Assert.All(json.RootElement.GetProperty("min").EnumerateArray(), v => Assert.InRange(v.GetDouble(), -0.15, -0.1));
        Assert.Equal(5, json.RootElement.GetProperty("rms").GetArrayLength());
    }

    [Fact]
    public async Task The_zone_is_told_with_the_time_there()
    {
        var answer = await served.AskAsync("/api/zone");

        Assert.Equal((200, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal(["zone", "now", "offsets"], json.RootElement.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        var zone = TimeProvider.System.LocalTimeZone;
        var now = json.RootElement.GetProperty("now").GetDateTimeOffset();
        Assert.Equal((zone.Id, zone.GetUtcOffset(now)), (json.RootElement.GetProperty("zone").GetString(), now.Offset));
        Assert.Equal("2000-01-01T00:00:00Z", json.RootElement.GetProperty("offsets")[0].GetProperty("from").GetString());
        var last = json.RootElement.GetProperty("offsets").EnumerateArray().Last(o => o.GetProperty("from").GetDateTimeOffset() <= now);
        Assert.Equal(now.Offset.TotalMinutes, last.GetProperty("minutes").GetInt32());
    }

    [Fact]
    public async Task Days_are_listed()
    {
        var answer = await served.AskAsync("/api/days");

        Assert.Equal(200, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        var day = json.RootElement.EnumerateArray().Single(d => d.GetProperty("day").GetString() == "2026-05-22");
        Assert.Equal((1, served.Sound.Length), (day.GetProperty("recordings").GetInt32(), day.GetProperty("bytes").GetInt32()));
        var again = await served.AskAsync("/api/days", headers: $"If-None-Match: {answer.Headers["ETag"]}");
        Assert.Equal(304, again.Status);
    }

    [Theory]
    [InlineData("/api/files")]
    [InlineData("/api/days")]
    [InlineData("/api/marks")]
    [InlineData("/api/labels")]
    public async Task A_list_that_is_known_is_not_sent_again_nor_another_than_is_wanted(string target)
    {
        // It changes while recordings are looked at for the first time.
        await Wait.UntilAsync(
            async () =>
            {
                var tag = (await served.AskAsync(target)).Headers["ETag"];
                return await served.AskAsync(target, headers: $"If-None-Match: {tag}") is { Status: 304, Body: [] } && (await served.AskAsync(target, headers: $"If-Match: {tag}")).Status == 200;
            },
            TimeSpan.FromSeconds(10),
            () => "the list has never the tag that it had");
        (await served.AskAsync(target, headers: "If-Match: \"other\"")).IsProblem(412);
    }

    [Fact]
    public async Task Retention_is_told_in_sums()
    {
        var answer = await served.AskAsync("/api/retention");

        Assert.Equal((200, "application/json"), (answer.Status, answer.Headers["Content-Type"].Split(';')[0]));
        using var json = JsonDocument.Parse(answer.Body);
        Assert.False(json.RootElement.GetProperty("is_on").GetBoolean());
        Assert.Equal(0, json.RootElement.GetProperty("removal_count").GetInt32());
        Assert.True(json.RootElement.GetProperty("files").GetInt32() >= 14);
        Assert.Equal(served.Sound.Length * json.RootElement.GetProperty("files").GetInt64(), json.RootElement.GetProperty("bytes").GetInt64());
        Assert.False(json.RootElement.TryGetProperty("removals", out _));
        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("forecast").ValueKind);
    }

    [Fact]
    public async Task The_disk_is_told_in_bytes()
    {
        var answer = await served.AskAsync("/api/storage");

        Assert.Equal(200, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.InRange(json.RootElement.GetProperty("disk_free").GetInt64(), 1, json.RootElement.GetProperty("disk_total").GetInt64());
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_a_problem_that_names_those_it_does()
    {
        var answer = await served.AskAsync(Recording, "DELETE");

        answer.IsProblem(405);
        Assert.Equal("GET, HEAD", answer.Headers["Allow"]);
    }

    [Fact]
    public async Task Without_a_recorder_nothing_is_active()
    {
        var answer = await served.AskAsync("/api/status");

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"active": []}""", answer.Text);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100-199", 100, 100)]
    [InlineData("bytes=1000-", 1000, int.MaxValue)]
    [InlineData("bytes=-500", -500, 500)]
    [InlineData("bytes=20000-99999999", 20000, int.MaxValue)]
    public async Task A_range_is_sent_as_asked_for(string range, int from, int count)
    {
        var first = from < 0 ? served.Sound.Length + from : from;
        var last = (int)Math.Min((long)first + count, served.Sound.Length) - 1;

        var answer = await served.AskAsync(Recording, headers: $"Range: {range}");

        Assert.Equal(206, answer.Status);
        Assert.Equal($"bytes {first}-{last}/{served.Sound.Length}", answer.Headers["Content-Range"]);
        Assert.Equal($"{last - first + 1}", answer.Headers["Content-Length"]);
        Assert.Equal(served.Sound[first..(last + 1)], answer.Body);
    }

    [Theory]
    [InlineData("bytes=99999999-")]
    [InlineData("bytes=-0")]
    public async Task A_range_outside_is_refused_with_the_size(string range)
    {
        var answer = await served.AskAsync(Recording, headers: $"Range: {range}");

        Assert.Equal(416, answer.Status);
        Assert.Equal($"bytes */{served.Sound.Length}", answer.Headers["Content-Range"]);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("bytes=200-100")]
    [InlineData("chunks=1-2")]
    [InlineData("nonsense")]
    public async Task A_range_that_is_none_is_passed_over(string range)
    {
        var answer = await served.AskAsync(Recording, headers: $"Range: {range}");

        Assert.Equal(200, answer.Status);
        Assert.Equal(served.Sound, answer.Body);
    }

    [Fact]
    public async Task A_range_of_another_version_gets_the_whole_of_this_one()
    {
        var head = await served.AskAsync(Recording, "HEAD");

        var same = await served.AskAsync(Recording, headers: ["Range: bytes=0-9", $"If-Range: {head.Headers["ETag"]}"]);
        var other = await served.AskAsync(Recording, headers: ["Range: bytes=0-9", "If-Range: \"another\""]);

        Assert.Equal((206, 10), (same.Status, same.Body.Length));
        Assert.Equal((200, served.Sound.Length), (other.Status, other.Body.Length));
    }

    [Fact]
    public async Task Head_says_all_but_the_sound()
    {
        var answer = await served.AskAsync(Recording, "HEAD");

        Assert.Equal((200, 0), (answer.Status, answer.Body.Length));
        Assert.Equal($"{served.Sound.Length}", answer.Headers["Content-Length"]);
        Assert.Equal("bytes", answer.Headers["Accept-Ranges"]);
        Assert.Equal("audio/mpeg", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
    }

    [Theory]
    [InlineData("../secret.mp3")]
    [InlineData("%2e%2e/secret.mp3")]
    [InlineData("..%2Fsecret.mp3")]
    [InlineData("%2e%2e%2fsecret.mp3")]
    [InlineData("..%5csecret.mp3")]
    [InlineData("..\\secret.mp3")]
    [InlineData("%252e%252e%252fsecret.mp3")]
    [InlineData("news/../../secret.mp3")]
    [InlineData("news/%2e%2e/%2e%2e/secret.mp3")]
    [InlineData("/etc/passwd")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("link-out.mp3")]
    [InlineData("folder-out/secret.mp3")]
    [InlineData(".hidden.mp3")]
    [InlineData("./.hidden.mp3")]
    [InlineData("status.json")]
    [InlineData("ends.txt")]
    [InlineData(".isr/inside.mp3")]
    [InlineData(".isr/journal/2026-05-23.jsonl")]
    [InlineData("news/./20260523_000000.mp3%2f")]
    [InlineData("news")]
    [InlineData("")]
    [InlineData("%C0%AE%C0%AE/secret.mp3")]
    [InlineData("%zz.mp3")]
    public async Task What_is_no_recording_in_the_folder_is_not_sent(string name)
    {
        foreach (var prefix in new[] { "/stream/", "/download/" })
        {
            var answer = await served.AskAsync(prefix + name);

            Assert.True(answer.Status is 403 or 404, $"{prefix}{name}: {answer.Status}");
            IsProblem(answer);
        }
    }

    [Theory]
    [InlineData("20260521_101500.mp3%00.txt")]
    [InlineData("%00")]
    public async Task A_zero_in_a_name_is_refused_by_the_server_itself(string name)
    {
        var answer = await served.AskAsync("/stream/" + name);

        Assert.Equal((400, 0), (answer.Status, answer.Body.Length));
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Any_name_can_be_asked_for_and_saved(string name)
    {
        var path = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

        var streamed = await served.AskAsync("/stream/" + path);
        var whole = await served.AskAsync("/stream/" + Uri.EscapeDataString(name));
        var saved = await served.AskAsync("/download/" + path);

        Assert.Equal((200, 200, 200), (streamed.Status, whole.Status, saved.Status));
        Assert.Equal(served.Sound, streamed.Body);
        Assert.Equal(served.Sound, whole.Body);
        Assert.Equal(served.Sound, saved.Body);
        var disposition = saved.Headers["Content-Disposition"];
        Assert.StartsWith("attachment;", disposition, StringComparison.Ordinal);
        var saves = disposition[(disposition.IndexOf("filename*=UTF-8''", StringComparison.Ordinal) + "filename*=UTF-8''".Length)..];
        Assert.Equal(Path.GetFileName(name), Uri.UnescapeDataString(saves));
        Assert.DoesNotContain("\n", disposition, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api/")]
    [InlineData("/api/files/20260521_101500.mp3")]
    [InlineData("/api/../api/none")]
    public async Task An_unknown_address_of_the_api_is_a_problem(string target)
    {
        var answer = await served.AskAsync(target);

        Assert.Equal(404, answer.Status);
        IsProblem(answer);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("192.0.2.1", 403)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    public async Task Only_this_computers_own_names_are_answered_to(string host, int status)
    {
        var answer = await served.AskAsync("/api/files", host: host);

        Assert.Equal(status, answer.Status);
        if (status == 403)
        {
            IsProblem(answer);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/files")]
    [InlineData("/api/nothing")]
    [InlineData(Recording)]
    public async Task Every_answer_tells_browsers_to_be_careful(string target)
    {
        var answer = await served.AskAsync(target);

        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"]);
        Assert.Contains("default-src 'self'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Server"));
        Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/api/files?limit=many", 400)]
    [InlineData("/nothing", 404)]
    public async Task What_the_framework_refuses_is_a_problem_too(string target, int status)
    {
        var answer = await served.AskAsync(target);

        Assert.Equal(status, answer.Status);
        IsProblem(answer);
    }

    private static string Name(JsonElement item) => item.GetProperty("name").GetString()!;

    private static void IsProblem(RawAnswer answer)
    {
        Assert.StartsWith("application/problem+json", answer.Headers.GetValueOrDefault("Content-Type") ?? "no type", StringComparison.Ordinal);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal(answer.Status, json.RootElement.GetProperty("status").GetInt32());
        Assert.True(json.RootElement.GetProperty("error").GetString() is { Length: > 0 });
    }

    private async Task<List<JsonElement>> ListAsync(string query)
    {
        var answer = await served.AskAsync("/api/files" + query);
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        using var json = JsonDocument.Parse(answer.Body);
        return [.. json.RootElement.EnumerateArray().Select(e => e.Clone())];
    }
}
