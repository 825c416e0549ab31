using System.Globalization;
using Isr.Playback;
using Isr.Serving;
using Isr.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Isr.Tests.Playback;

/// <summary>Ranges and conditions of RFC 9110, asked over a plain socket.</summary>
public sealed class FileAnswerTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    private const string Recording = "/stream/20260521_101500.mp3";
    private const string LastModified = "Wed, 01 Jan 2025 00:00:00 GMT";

    [Theory]
    [InlineData("bytes=0-0,5-9")]
    [InlineData("bytes=0-99999999999999999999999")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=--5")]
    [InlineData("bytes 0-5")]
    public async Task Of_several_ranges_and_of_none_the_whole_is_sent(string range)
    {
        var answer = await served.AskAsync(Recording, headers: $"Range: {range}");

        Assert.Equal(range.Contains("999", StringComparison.Ordinal) ? 206 : 200, answer.Status);
        Assert.Equal(served.Sound, answer.Body);
    }

    [Theory]
    [InlineData("bytes=99999999999999999999999-")]
    [InlineData("bytes=-0")]
    public async Task No_byte_of_it_is_a_range_that_cannot_be_sent(string range)
    {
        foreach (var method in new[] { "GET", "HEAD" })
        {
            var answer = await served.AskAsync(Recording, method, headers: $"Range: {range}");

            Assert.Equal((416, 0), (answer.Status, answer.Body.Length));
            Assert.Equal($"bytes */{served.Sound.Length}", answer["Content-Range"]);
        }
    }

    [Fact]
    public async Task A_suffix_longer_than_the_file_is_the_file()
    {
        var answer = await served.AskAsync(Recording, headers: "Range: Bytes=-99999999");

        Assert.Equal(206, answer.Status);
        Assert.Equal($"bytes 0-{served.Sound.Length - 1}/{served.Sound.Length}", answer["Content-Range"]);
        Assert.Equal(served.Sound, answer.Body);
    }

    [Fact]
    public async Task Conditions_are_judged_in_their_order()
    {
        var tag = (await served.AskAsync(Recording, "HEAD"))["ETag"];
        (int Status, string[] Headers)[] asked =
        [
            (304, [$"If-None-Match: {tag}"]),
            (304, [$"If-None-Match: \"other\", W/{tag}"]),
            (304, ["If-None-Match: *"]),
            (304, [$"If-Modified-Since: {LastModified}"]),
            (304, [$"If-None-Match: {tag}", "If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT"]),
            (304, [$"If-None-Match: {tag}", "Range: bytes=0-9"]),
            (200, ["If-None-Match: \"other\"", $"If-Modified-Since: {LastModified}"]),
            (200, ["If-Modified-Since: Tue, 31 Dec 2024 23:59:59 GMT"]),
            (200, ["If-Modified-Since: nonsense"]),
            (412, ["If-Match: \"other\""]),
            (412, [$"If-Match: W/{tag}"]),
            (200, [$"If-Match: {tag}"]),
            (200, ["If-Match: *"]),
            (412, ["If-Unmodified-Since: Tue, 31 Dec 2024 23:59:59 GMT"]),
            (200, [$"If-Unmodified-Since: {LastModified}"]),
            (412, ["If-Match: \"other\"", "Range: bytes=0-9"]),
            (206, ["Range: bytes=0-9", $"If-Range: {tag}"]),
            (200, ["Range: bytes=0-9", $"If-Range: W/{tag}"]),
            (206, ["Range: bytes=0-9", $"If-Range: {LastModified}"]),
            (200, ["Range: bytes=0-9", "If-Range: Thu, 02 Jan 2025 00:00:00 GMT"]),
            (200, ["Range: bytes=0-9", "If-Range: nonsense"]),
            (416, ["Range: bytes=99999999-", $"If-Range: {tag}"]),
            (200, ["Range: bytes=99999999-", "If-Range: \"other\""]),
        ];

        Assert.Multiple([.. asked.Select<(int Status, string[] Headers), Action>(a => () =>
        {
            var answer = served.AskAsync(Recording, headers: a.Headers).GetAwaiter().GetResult();
            Assert.True(a.Status == answer.Status, $"{string.Join(" | ", a.Headers)}: {answer.Status}");
            Assert.Equal(a.Status switch { 206 => 10, 200 => served.Sound.Length, 412 => answer.Body.Length, _ => 0 }, answer.Body.Length);
        })]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_download_answers_ranges_and_conditions_as_playback_does(string method)
    {
        foreach (var place in new[] { "/stream/", "/download/" })
        {
            var target = place + "20260521_101500.mp3";
            var tag = (await served.AskAsync(target, method))["ETag"];

            Assert.Equal(206, (await served.AskAsync(target, method, headers: "Range: bytes=0-9")).Status);
            Assert.Equal(304, (await served.AskAsync(target, method, headers: $"If-None-Match: {tag}")).Status);
            Assert.Equal(416, (await served.AskAsync(target, method, headers: "Range: bytes=99999999-")).Status);
            Assert.Equal(404, (await served.AskAsync(place + "none.mp3", method)).Status);
            var other = await served.AskAsync(target, method, headers: "If-Match: \"other\"");
            Assert.Equal(412, other.Status);
            if (method == "GET")
            {
                other.IsProblem(412);
            }
        }
    }

    [Fact]
    public async Task What_the_disk_does_not_give_is_an_error_before_the_first_byte()
    {
        // A regular file of 4,096 bytes, as the kernel says, of which none can be read: the loopback has no speed.
        const string Unreadable = "/sys/class/net/lo/speed";
        Assert.SkipUnless(File.Exists(Unreadable), "the loopback is not to be seen in /sys");
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Response.Body = new MemoryStream();
        var file = new FileStream(Unreadable, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

        await new FileAnswer(file, "audio/mpeg") { Now = TimeProvider.System.GetUtcNow() }.ExecuteAsync(context);

        Assert.Equal((500, Problem.MediaType), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Null(context.Response.ContentLength);
        Assert.Contains("could not be read", System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_and_an_unchanged_file_name_their_version()
    {
        var whole = await served.AskAsync(Recording, "HEAD");
        var part = await served.AskAsync(Recording, headers: "Range: bytes=0-9");
        var unchanged = await served.AskAsync(Recording, headers: $"If-None-Match: {whole["ETag"]}");

        Assert.StartsWith("\"", whole["ETag"], StringComparison.Ordinal);
        Assert.All([whole, part, unchanged], answer => Assert.Equal((whole["ETag"], LastModified, "private, no-cache"), (answer["ETag"], answer["Last-Modified"], answer["Cache-Control"])));
    }

    [Fact]
    public async Task Head_answers_a_range_as_get_would()
    {
        var answer = await served.AskAsync(Recording, "HEAD", headers: "Range: bytes=5-14");

        Assert.Equal((206, 0), (answer.Status, answer.Body.Length));
        Assert.Equal(("10", $"bytes 5-14/{served.Sound.Length}"), (answer["Content-Length"], answer["Content-Range"]));
    }

    [Fact]
    public async Task A_link_to_what_is_no_recording_leads_nowhere()
    {
        File.CreateSymbolicLink(Path.Combine(served.Folder, "state.mp3"), Path.Combine(served.Folder, "status.json"));

        var answer = await served.AskAsync("/stream/state.mp3");

        answer.IsProblem(404);
    }

    [Theory]
    [InlineData("plain.mp3", "plain.mp3")]
    [InlineData("a\"b\\c%41.mp3", "a_b_c_41.mp3")]
    [InlineData("ünï\r\nSet-Cookie: x.mp3", "_n___Set-Cookie: x.mp3")]
    public void A_name_can_be_saved_and_ends_no_header(string name, string plain)
    {
        var header = SavedName.Attachment(name);

        Assert.StartsWith($"attachment; filename=\"{plain}\"; filename*=UTF-8''", header, StringComparison.Ordinal);
        Assert.Equal(name, Uri.UnescapeDataString(header[(header.LastIndexOf('\'') + 1)..]));
        Assert.All(header, letter => Assert.InRange(letter, ' ', '~'));
    }

    [Fact]
    public async Task A_file_that_loses_its_end_meanwhile_breaks_the_answer_off()
    {
        var path = Path.Combine(served.Folder, "shrinks.mp3");
        await using (var made = new FileStream(path, FileMode.Create))
        {
            made.SetLength(64 << 20);
        }

        using var client = new HttpClient { BaseAddress = served.Address };
        using var answer = await client.GetAsync(new Uri("/stream/shrinks.mp3", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using (var cut = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(1 << 20);
        }

        Assert.Equal((64 << 20).ToString(CultureInfo.InvariantCulture), answer.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture));
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
