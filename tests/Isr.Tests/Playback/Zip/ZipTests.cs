using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Isr.Tests.Catalog.Keeping;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Zip;

[SideBySide]
public sealed class ZipTests(ITestOutputHelper output)
{
    private const int Rate = 44100;

    [Fact]
    public async Task Every_byte_of_every_recording_is_in_it_whoever_reads_it()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var kept = await KeptFolder.StartAsync(ServedFolder.OddNames);
        string[] names = [.. ServedFolder.OddNames, "empty.wav", "one.wav", "long.flac"];
        foreach (var (name, length) in new[] { ("empty.wav", 0), ("one.wav", 1), ("long.flac", 300_000 + random.Next(100_000)) })
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            File.WriteAllBytes(kept.PathOf(name), bytes);
        }

        File.SetLastWriteTimeUtc(kept.PathOf("one.wav"), new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(kept.PathOf("long.flac"), new DateTime(2026, 5, 23, 12, 34, 56, DateTimeKind.Utc));

        // Twice the same is there once.
        var (status, json) = await kept.AskAsync("POST", "/api/zip", Asked([.. names, "one.wav"]));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((names.Length, names.Sum(name => new FileInfo(kept.PathOf(name)).Length)), (json.GetProperty("files").GetInt32(), json.GetProperty("bytes").GetInt64()));
        using var answer = await kept.SendAsync("GET", "/" + json.GetProperty("path").GetString());
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(("attachment", json.GetProperty("name").GetString()), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentDisposition.FileName!.Trim('"')));
        Assert.Matches("^recordings_[0-9]{8}_[0-9-]{8}[.]zip$", json.GetProperty("name").GetString()!);
        var path = kept.PathOf("all.zip");
        await File.WriteAllBytesAsync(path, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        using (var archive = ZipFile.OpenRead(path))
        {
            Assert.Equal(names, archive.Entries.Select(entry => entry.FullName), StringComparer.Ordinal);
            foreach (var entry in archive.Entries)
            {
                using var content = new MemoryStream();
                await using var stream = await entry.OpenAsync(TestContext.Current.CancellationToken);
                await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
                Assert.Equal(File.ReadAllBytes(kept.PathOf(entry.FullName)), content.ToArray());
                Assert.Equal(entry.Length, entry.CompressedLength);
            }

            Assert.Equal(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(2026, 5, 23, 12, 34, 56), TimeProvider.System.LocalTimeZone), archive.GetEntry("long.flac")!.LastWriteTime.DateTime);
            Assert.Equal(1980, archive.GetEntry("one.wav")!.LastWriteTime.Year);
        }

        Assert.Equal(0, (await Processes.RunAsync("unzip", ["-tq", path])).ExitCode);
        Assert.Equal(names, await PythonAsync(path));
    }

    [Fact]
    public async Task What_is_being_recorded_is_in_it_as_far_as_it_is_and_can_be_played()
    {
        await using var kept = await KeptFolder.StartAsync();
        var sound = TestSound.Make(Rate, 2, 16, 4);
        await sound.FlacAsync(kept.PathOf("whole"));
        var flac = await File.ReadAllBytesAsync(kept.PathOf("whole"), TestContext.Current.CancellationToken);
        var frames = FlacSplitter.FromMiddle(flac, Rate);
        var wav = WavBytes.File(WavBytes.Pcm, Rate, 2, 16, sound.Bytes(2));

        // Whole frames of the one, as the recorder writes them, and half a sample too much of the other.
        string[] names = ["live.flac", "live.wav"];
        await File.WriteAllBytesAsync(kept.PathOf(names[0]), flac[..flac.AsSpan().IndexOf(frames[frames.Count * 9 / 16].Original.Span)], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(kept.PathOf(names[1]), wav[..((wav.Length * 9 / 16 / 4 * 4) + 2)], TestContext.Current.CancellationToken);
        File.WriteAllText(
            kept.PathOf("status.json"),
            JsonSerializer.Serialize(new { active = names, updated = TimeProvider.System.GetUtcNow(), pid = Environment.ProcessId }));

        using var archive = new ZipArchive(new MemoryStream(await ZipAsync(kept, names)));

        foreach (var name in names)
        {
            using var content = new MemoryStream();
            await (await archive.GetEntry(name)!.OpenAsync(TestContext.Current.CancellationToken)).CopyToAsync(content, TestContext.Current.CancellationToken);
            var raw = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-xerror", "-i", "pipe:0", "-f", "s16le", "-c:a", "pcm_s16le", "pipe:1"], content.ToArray());
            Assert.Equal((name, ""), (name, raw.Errors));
            var samples = MemoryMarshal.Cast<byte, short>(raw.Output).ToArray();
            Assert.InRange(samples.Length / 2, 2 * Rate, 3 * Rate);
            Assert.Equal(sound.Samples[..samples.Length].Select(sample => (short)sample), samples);

            // Its head says how much of it there is.
            await File.WriteAllBytesAsync(kept.PathOf("copy"), content.ToArray(), TestContext.Current.CancellationToken);
            var seconds = await Processes.CheckAsync("ffprobe", ["-v", "error", "-show_entries", "stream=duration", "-of", "csv=p=0", kept.PathOf("copy")]);
            Assert.Equal((double)samples.Length / 2 / Rate, double.Parse(seconds.Text, System.Globalization.CultureInfo.InvariantCulture), 0.1);
        }
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"files": []}""", 400)]
    [InlineData("""{"files": "a.mp3"}""", 400)]
    [InlineData("""{"files": ["a.mp3", null]}""", 400)]
    [InlineData("""{"files": ["a.mp3"], "more": 1}""", 400)]
    [InlineData("""{"files": ["a.mp3", "none.mp3"]}""", 404)]
    [InlineData("""{"files": ["../secret.mp3"]}""", 404)]
    [InlineData("""{"files": ["/etc/passwd"]}""", 404)]
    [InlineData("""{"files": ["a.mp3\u0000"]}""", 404)]
    [InlineData("""{"files": [".isr/catalog.db"]}""", 404)]
    [InlineData("""{"files": ["link-out.mp3"]}""", 404)]
    [InlineData("""{"files": ["folder-out/secret.mp3"]}""", 404)]
    [InlineData("""{"files": ["status.json"]}""", 404)]
    public async Task What_cannot_be_had_is_refused_with_a_sentence(string body, int status)
    {
        await using var kept = await KeptFolder.StartAsync("a.mp3", "../secret.mp3");
        File.CreateSymbolicLink(kept.PathOf("link-out.mp3"), kept.PathOf("../secret.mp3"));
        Directory.CreateSymbolicLink(kept.PathOf("folder-out"), kept.PathOf(".."));
        File.WriteAllText(kept.PathOf("status.json"), "{}");

        var (given, json) = await kept.AskAsync("POST", "/api/zip", body);

        Assert.Equal(status, (int)given);
        Assert.True(status != 404 || !body.Contains("none.mp3", StringComparison.Ordinal) || json.GetProperty("error").GetString()!.Contains("none.mp3", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("GET", "/api/zip/0123456789abcdef0123456789abcdef")).Status);
    }

    [Fact]
    public async Task Ten_thousand_may_be_asked_for_and_not_one_more()
    {
        await using var kept = await KeptFolder.StartAsync("a.mp3");
        static string Many(int count) => Asked([.. Enumerable.Repeat("a.mp3", count)]);

        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("POST", "/api/zip", Many(10_000))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("POST", "/api/zip", Many(10_001))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_goes_or_shrinks_meanwhile_breaks_the_answer_off(bool shrinks)
    {
        await using var kept = await KeptFolder.StartAsync("first.mp3", "second.mp3");
        await using (var large = new FileStream(kept.PathOf("first.mp3"), FileMode.Create))
        {
            large.SetLength(64 << 20);
        }

        var (_, json) = await kept.AskAsync("POST", "/api/zip", Asked("first.mp3", "second.mp3"));
        using var answer = await kept.SendAsync("GET", "/" + json.GetProperty("path").GetString(), streamed: true);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        if (shrinks)
        {
            await using var cut = new FileStream(kept.PathOf("first.mp3"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            cut.SetLength(1 << 20);
        }
        else
        {
            File.Delete(kept.PathOf("second.mp3"));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>More than four gigabytes take another form of the file; the recording takes no room on the disk, the ZIP file does.</summary>
    [Fact(Explicit = true)]
    public async Task More_than_four_gigabytes_are_read_by_everybody()
    {
        await using var kept = await KeptFolder.StartAsync("small.mp3");
        const long Large = (5L << 30) + 12345;
        await using (var large = new FileStream(kept.PathOf("large.wav"), FileMode.Create))
        {
            large.SetLength(Large);
            large.Position = Large - 3;
            large.Write("end"u8);
        }

        var (_, json) = await kept.AskAsync("POST", "/api/zip", Asked("large.wav", "small.mp3"));
        var path = kept.PathOf("all.zip");
        var began = Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();
        using (var answer = await kept.SendAsync("GET", "/" + json.GetProperty("path").GetString(), streamed: true))
        await using (var file = new FileStream(path, FileMode.Create))
        {
            await answer.Content.CopyToAsync(file, TestContext.Current.CancellationToken);
        }

        output.WriteLine($"{new FileInfo(path).Length} bytes in {began.Elapsed.TotalSeconds:0.0} s, {(GC.GetTotalAllocatedBytes() - before) >> 20} MB allocated");
        Assert.Equal(["large.wav", "small.mp3"], await PythonAsync(path));
        var unzip = await Processes.RunAsync("unzip", ["-t", path]);
        output.WriteLine(unzip.All);
        Assert.Equal(0, unzip.ExitCode);
        using var archive = ZipFile.OpenRead(path);
        await using var stream = await archive.GetEntry("large.wav")!.OpenAsync(TestContext.Current.CancellationToken);
        var (total, buffer) = (0L, new byte[1 << 20]);
        for (int read; (read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;)
        {
            total += read;
        }

        Assert.Equal(Large, total);
    }

    private static string Asked(params string[] names) => JsonSerializer.Serialize(new { files = names });

    private static async Task<byte[]> ZipAsync(KeptFolder kept, params string[] names)
    {
        var (_, json) = await kept.AskAsync("POST", "/api/zip", Asked(names));
        using var answer = await kept.SendAsync("GET", "/" + json.GetProperty("path").GetString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The names that Python finds in it, having read every byte.</summary>
    private static async Task<string[]> PythonAsync(string path)
    {
        const string Program = "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps(z.namelist()))";
        var read = await Processes.RunAsync("python3", ["-c", Program, path]);
        Assert.True(read.ExitCode == 0, read.All);
        return JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(read.Output))!;
    }
}
