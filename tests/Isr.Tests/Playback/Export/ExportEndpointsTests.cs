using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Export;

public sealed class ExportEndpointsTests(SampledFolder folder) : IClassFixture<SampledFolder>
{
    private const int Rate = 8000;

    [Theory]
    [InlineData(2.5, 30)]
    [InlineData(-1, 3)]
    [InlineData(9, 10.5)]
    [InlineData(12.125, 24.0625)]
    [InlineData(0.00005, 20.00007)]
    public async Task A_span_over_midnight_gaps_and_overlaps_has_every_sample_in_its_place(double from, double to)
    {
        if (from is 9)
        {
            // Nothing was recorded then.
            (await ExportAsync("news", from, to, "wav")).IsProblem(404);
            return;
        }

        var (first, count) = ((int)Math.Round(from * Rate), (int)Math.Round((to - from) * Rate));
        var expected = Laid(first, count);
        var wav = await ExportAsync("news", from, to, "wav");
        Assert.True(wav.Status == 200, wav.Text);
        Assert.Equal(wav["Content-Length"], $"{wav.Body.Length}");
        var data = wav.Body.AsSpan().IndexOf("data"u8);
        Assert.Equal(2 * count, BinaryPrimitives.ReadInt32LittleEndian(wav.Body.AsSpan(data + 4)));
        Assert.Equal(wav.Body.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(wav.Body.AsSpan(4)));
        Assert.Equal(expected, MemoryMarshal.Cast<byte, short>(wav.Body.AsSpan(data + 8)).ToArray());
        var reference = (long)Math.Round((SampledFolder.NewsStart.AddTicks((long)(from * 1e7)).UtcDateTime.TimeOfDay.Ticks * (double)Rate) / TimeSpan.TicksPerSecond);
        Assert.InRange(BinaryPrimitives.ReadInt64LittleEndian(wav.Body.AsSpan(wav.Body.AsSpan().IndexOf("bext"u8) + 8 + 338)) - reference, -1, 1);

        var flac = await ExportAsync("news", from, to, "flac");
        using var directory = new TemporaryDirectory();
        await File.WriteAllBytesAsync(directory.File("a.flac"), flac.Body, TestContext.Current.CancellationToken);
        await Processes.CheckAsync("flac", ["-t", "-s", directory.File("a.flac")]);
        var decoded = await Processes.CheckAsync("flac", ["-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", directory.File("a.flac")]);
        Assert.Equal(expected, MemoryMarshal.Cast<byte, short>(decoded.Output).ToArray());
        var total = await Processes.CheckAsync("metaflac", ["--show-total-samples", directory.File("a.flac")]);
        Assert.Equal($"{count}", total.Text.Trim());
    }

    [Fact]
    public async Task It_is_named_by_the_clock_and_says_what_is_silent()
    {
        var answer = await ExportAsync("news", 2, 30, "wav");

        Assert.Contains("news_20260523_23-59-52_00-00-20.wav", answer["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal("8", answer["X-Isr-Silence"]);
        Assert.Equal("audio/wav", answer["Content-Type"]);
    }

    [Fact]
    public async Task What_is_being_recorded_counts_as_far_as_it_is()
    {
        folder.Record("live/1.wav");
        var live = TestSound.Make(Rate, 1, 16, 4, seed: 14);
        var (from, to) = (folder.LiveStart.AddSeconds(1), folder.LiveStart.AddSeconds(9));

        var answer = await folder.AskAsync($"/api/export?source=live&from={Instant(from)}&to={Instant(to)}");

        Assert.True(answer.Status == 200, answer.Text);
        var data = answer.Body.AsSpan().IndexOf("data"u8) + 8;
        Assert.Equal([.. live.Bytes(2)[(2 * Rate)..], .. new byte[2 * 5 * Rate]], answer.Body[data..]);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_a_sentence()
    {
        (await ExportAsync("nobody", 0, 10, "wav")).IsProblem(404);
        (await ExportAsync("news", 100, 110, "wav")).IsProblem(404);
        (await ExportAsync("news", 0, 80, "wav")).IsProblem(409);
        (await ExportAsync("news", 0, 10, "mp3")).IsProblem(400);
        (await ExportAsync("news", 10, 10, "wav")).IsProblem(400);
        (await ExportAsync("news", 10, 5, "wav")).IsProblem(400);
        (await ExportAsync("news", 0, 26 * 3600, "wav")).IsProblem(400);
        foreach (var query in (string[])["", "?source=news", "?source=news&from=2026-05-23", "?source=news&from=x&to=y", "?from=2026-05-23&to=2026-05-24", "?source=news&from=9999-12-31&to=9999-12-31"])
        {
            (await folder.AskAsync("/api/export" + query)).IsProblem(400);
        }
    }

    /// <summary>What the span must hold, sample by sample.</summary>
    private short[] Laid(int first, int count)
    {
        var laid = new short[count];
        foreach (var (sound, at) in ((TestSound, int)[])[(folder.News[2], 20), (folder.News[1], 11), (folder.News[0], 0)])
        {
            // Overlaps belong to what came first.
            for (var i = 0; i < sound.Samples.Length; i++)
            {
                if ((at * Rate) + i - first is >= 0 and var place && place < count)
                {
                    laid[place] = (short)sound.Samples[i];
                }
            }
        }

        return laid;
    }

    private Task<RawAnswer> ExportAsync(string source, double from, double to, string format) => folder.AskAsync(
        $"/api/export?source={source}&from={Instant(SampledFolder.NewsStart.AddTicks((long)Math.Round(from * 1e7)))}&to={Instant(SampledFolder.NewsStart.AddTicks((long)Math.Round(to * 1e7)))}&format={format}");

    private static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
