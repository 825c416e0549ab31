using System.Globalization;
using System.Text.Json;
using Isr.Commands;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The HTTP interface over a real socket, over a folder that nobody records into.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RunningProgram _program = null!;
    private byte[] _audio = [];

    private int Port => _program.Page.Port;

    public async ValueTask InitializeAsync()
    {
        _audio = (await TestAudio.Mp3Async()).Bytes(0, 400);
        Write("20260523_220000.mp3", _audio);
        Write("20260523_230000.mp3", _audio);
        Write("radio/20260524_010000_2.mp3", _audio);
        Write("no date in it.mp3", _audio, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        Write("notes.txt", "hello"u8.ToArray());
        Write(".hidden.mp3", _audio);
        Write("folder.mp3/inside.mp3", _audio);
        Write(".isr/secret.mp3", _audio);
        await File.WriteAllBytesAsync(_directory.File("outside.mp3"), _audio);
        File.CreateSymbolicLink(_directory.File("rec", "link-out.mp3"), _directory.File("outside.mp3"));
        File.CreateSymbolicLink(_directory.File("rec", "link-in.mp3"), _directory.File("rec", "20260523_220000.mp3"));
        _program = await RunningProgram.StartAsync(_directory, RunParts.Page);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Files_are_listed_newest_first_with_date_and_duration()
    {
        using var json = JsonDocument.Parse((await GetAsync("/api/files")).Body);
        var items = json.RootElement.EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, StringComparer.Ordinal);

        Assert.Equal(
            "radio/20260524_010000_2.mp3|20260523_230000.mp3|20260523_220000.mp3|no date in it.mp3",
            string.Join('|', items.Keys.Where(n => n is not "link-in.mp3" and not "folder.mp3/inside.mp3")));
        Assert.Equal(6, items.Count);
        Assert.Equal("2026-05-24 01:00:00", items["radio/20260524_010000_2.mp3"].GetProperty("date").GetString());
        Assert.Equal("2026-01-02 03:04:05", items["no date in it.mp3"].GetProperty("date").GetString());
        var item = items["20260523_220000.mp3"];
        Assert.Equal(_audio.Length, item.GetProperty("size").GetInt64());
        Assert.Equal(400 * 1152 / 44100.0, item.GetProperty("duration").GetDouble(), 0.05);
        Assert.Equal(".mp3", item.GetProperty("ext").GetString());
        Assert.False(item.GetProperty("recording").GetBoolean());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("cached_analysis").ValueKind);
        Assert.Equal(44100, item.GetProperty("sample_rate").GetInt32());
        Assert.Equal(2, item.GetProperty("channels").GetInt32());
        Assert.InRange(item.GetProperty("mtime").GetDouble(), 1.7e9, 3e9);
    }

    [Theory]
    [InlineData("from=2026-05-24", 1)]
    [InlineData("to=2026-05-23", 3)]
    [InlineData("from=2026-05-23&to=2026-05-23", 2)]
    [InlineData("q=RADIO", 1)]
    [InlineData("q=no%20date", 1)]
    [InlineData("q=2026052&limit=2", 2)]
    [InlineData("limit=0", 0)]
    [InlineData("source=nobody", 0)]
    public async Task Files_can_be_filtered(string query, int count)
    {
        using var json = JsonDocument.Parse((await GetAsync($"/api/files?{query}&x=1")).Body);

        var names = json.RootElement.EnumerateArray().Select(i => i.GetProperty("name").GetString()!).Where(n => n is not "link-in.mp3" and not "folder.mp3/inside.mp3");
        Assert.Equal(count, names.Count());
    }

    [Fact]
    public async Task An_unchanged_list_is_not_sent_again()
    {
        var first = await GetAsync("/api/files");
        var again = await GetAsync("/api/files", $"If-None-Match: {first["ETag"]}");

        Assert.NotEmpty(first["ETag"]);
        Assert.Equal(304, again.Status);
        Assert.Empty(again.Body);
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 99)]
    [InlineData("bytes=100-", 100, -1)]
    [InlineData("bytes=-500", -500, -1)]
    [InlineData("bytes=10-99999999", 10, -1)]
    [InlineData("bytes=0-0", 0, 0)]
    public async Task Ranges_are_served_as_asked(string range, int first, int last)
    {
        var from = first < 0 ? _audio.Length + first : first;
        var to = last < 0 ? _audio.Length - 1 : last;

        var answer = await GetAsync("/stream/20260523_220000.mp3", $"Range: {range}");

        Assert.Equal(206, answer.Status);
        Assert.Equal($"bytes {from}-{to}/{_audio.Length}", answer["Content-Range"]);
        Assert.Equal(_audio[from..(to + 1)], answer.Body);
        Assert.Equal("audio/mpeg", answer["Content-Type"]);
    }

    [Theory]
    [InlineData("bytes=99999999-")]
    [InlineData("bytes=-0")]
    public async Task A_range_outside_the_file_is_416(string range)
    {
        var answer = await GetAsync("/stream/20260523_220000.mp3", $"Range: {range}");

        Assert.Equal(416, answer.Status);
        Assert.Equal($"bytes */{_audio.Length}", answer["Content-Range"]);
    }

    [Theory]
    [InlineData("/stream/")]
    [InlineData("/download/")]
    public async Task Head_says_what_get_would_send_and_sends_nothing(string prefix)
    {
        var whole = await GetAsync(prefix + "20260523_220000.mp3");
        var head = await RawHttp.AskAsync(Port, "HEAD", prefix + "20260523_220000.mp3");

        Assert.Equal((200, 200), (whole.Status, head.Status));
        Assert.Equal(_audio, whole.Body);
        Assert.Empty(head.Body);
        Assert.Equal(_audio.Length.ToString(CultureInfo.InvariantCulture), head["Content-Length"]);
        Assert.Equal("bytes", head["Accept-Ranges"]);
        Assert.Equal(whole["ETag"], head["ETag"]);
        Assert.Equal(304, (await GetAsync(prefix + "20260523_220000.mp3", $"If-None-Match: {whole["ETag"]}")).Status);
        Assert.Equal(200, (await GetAsync(prefix + "20260523_220000.mp3", "Range: bytes=0-9", "If-Range: \"other\"")).Status);
    }

    [Theory]
    [InlineData("/stream/..%2Foutside.mp3")]
    [InlineData("/stream/../outside.mp3")]
    [InlineData("/stream/%2e%2e/outside.mp3")]
    [InlineData("/stream/%2e%2e%2foutside.mp3")]
    [InlineData("/stream/..%5coutside.mp3")]
    [InlineData("/stream/..\\outside.mp3")]
    [InlineData("/stream/%252e%252e%252foutside.mp3")]
    [InlineData("/stream/%c0%ae%c0%ae/outside.mp3")]
    [InlineData("/stream//etc/passwd")]
    [InlineData("/stream/%2Fetc%2Fpasswd")]
    [InlineData("/stream/radio/../../outside.mp3")]
    [InlineData("/stream/radio/%2e%2e/%2e%2e/outside.mp3")]
    [InlineData("/stream/20260523_220000.mp3%00")]
    [InlineData("/stream/./20260523_220000.mp3%2f..")]
    [InlineData("/stream/link-out.mp3")]
    [InlineData("/stream/.hidden.mp3")]
    [InlineData("/stream/status.json")]
    [InlineData("/stream/notes.txt")]
    [InlineData("/stream/.isr/lock")]
    [InlineData("/stream/.isr/secret.mp3")]
    [InlineData("/stream/.isr%2Fsecret.mp3")]
    [InlineData("/stream/folder.mp3")]
    [InlineData("/stream/")]
    [InlineData("/stream")]
    [InlineData("/download/..%2Foutside.mp3")]
    [InlineData("/download/%2e%2e/outside.mp3")]
    [InlineData("/download/link-out.mp3")]
    [InlineData("/download/")]
    public async Task What_is_no_recording_in_the_folder_is_not_there(string target)
    {
        var answer = await GetAsync(target);

        Assert.Contains(answer.Status, new[] { 400, 403, 404 });
        Assert.True(answer.Body.AsSpan().IndexOf(_audio.AsSpan(0, 100)) < 0);
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_directory.Path, answer.Text, StringComparison.Ordinal);

        // What the server refuses before it looks at the path (a NUL) has no body at all.
        if (answer.Status != 400 && target.StartsWith("/stream/", StringComparison.Ordinal) && !target.Contains("/../", StringComparison.Ordinal) && !target.Contains("/%2e%2e/", StringComparison.Ordinal))
        {
            answer.IsProblem(403, 404);
        }
    }

    [Theory]
    [InlineData("/stream/radio%2F20260524_010000_2.mp3")]
    [InlineData("/stream/radio/20260524_010000_2.mp3")]
    [InlineData("/stream/link-in.mp3")]
    [InlineData("/stream/20260523%5F220000.mp3?x=/../..")]
    public async Task An_encoded_slash_is_a_slash_and_links_inside_are_followed(string target)
    {
        Assert.Equal(_audio, (await GetAsync(target)).Body);
    }

    [Theory]
    [InlineData("with space #1 50%.mp3")]
    [InlineData("quote\"s and 'more'.mp3")]
    [InlineData("Grüße 日本 🎵.mp3")]
    [InlineData("two\nlines.mp3")]
    [InlineData("plus+and&and;semi.mp3")]
    [InlineData("50%2Foff.mp3")]
    [InlineData("back\\slash.mp3")]
    public async Task Names_of_any_kind_are_listed_played_and_downloaded(string name)
    {
        Write(name, _audio);
        Write("sub " + name + "/" + name, _audio);
        await Wait.UntilAsync(async () => Names(await GetAsync("/api/files")).Contains(name), TimeSpan.FromSeconds(5), () => "not listed");

        foreach (var path in new[] { Uri.EscapeDataString(name), Uri.EscapeDataString("sub " + name) + "/" + Uri.EscapeDataString(name), Uri.EscapeDataString("sub " + name + "/" + name) })
        {
            Assert.Equal(_audio, (await GetAsync("/stream/" + path)).Body);
            var download = await GetAsync("/download/" + path);
            Assert.Equal(_audio, download.Body);
            var disposition = System.Net.Http.Headers.ContentDispositionHeaderValue.Parse(download["Content-Disposition"]);
            Assert.Equal("attachment", disposition.DispositionType);
            Assert.Equal(name, disposition.FileNameStar);
        }
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api/")]
    [InlineData("/api/files/x/y")]
    public async Task An_unknown_address_of_the_api_is_404(string target)
    {
        (await GetAsync(target)).IsProblem(404);
    }

    [Theory]
    [InlineData("/api/files?limit=abc")]
    [InlineData("/api/files?limit=-5")]
    [InlineData("/api/files?from=%00")]
    public async Task Odd_filters_are_answered(string target)
    {
        Assert.InRange((await GetAsync(target)).Status, 200, 499);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:80", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("8.8.8.8", 403)]
    public async Task Only_own_names_are_answered(string host, int status)
    {
        var answer = await GetAsync("/api/config", $"Host: {host}");

        Assert.Equal(status, answer.Status);
        if (status == 403)
        {
            answer.IsProblem(403);
        }
    }

    [Theory]
    [InlineData("/api/files")]
    [InlineData("/api/nothing")]
    [InlineData("/stream/20260523_220000.mp3")]
    public async Task Every_answer_bears_the_security_headers(string target)
    {
        var answer = await GetAsync(target);

        Assert.StartsWith("default-src 'self';", answer["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", answer["Referrer-Policy"]);
        Assert.Empty(answer["Server"]);
    }

    [Fact]
    public async Task Without_a_recorder_there_is_no_status()
    {
        Assert.Equal("""{"active": []}""", (await GetAsync("/api/status")).Text);
    }

    [Fact]
    public async Task Defaults_and_disk_are_told()
    {
        Assert.Equal("""{"margin":12,"min_gap":2,"min_duration":0.5}""", (await GetAsync("/api/config")).Text);
        using var json = JsonDocument.Parse((await GetAsync("/api/storage")).Body);
        Assert.InRange(json.RootElement.GetProperty("disk_free").GetInt64(), 1, json.RootElement.GetProperty("disk_total").GetInt64());
    }

    private static List<string?> Names(RawAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return [.. json.RootElement.EnumerateArray().Select(i => i.GetProperty("name").GetString())];
    }

    private Task<RawAnswer> GetAsync(string target, params string[] headers) => RawHttp.AskAsync(Port, "GET", target, headers);

    private void Write(string name, byte[] bytes, DateTime? modified = null)
    {
        var path = _directory.File("rec", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        if (modified is { } time)
        {
            File.SetLastWriteTimeUtc(path, time);
        }
    }
}
