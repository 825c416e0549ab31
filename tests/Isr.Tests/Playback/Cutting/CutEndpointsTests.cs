using System.Globalization;
using Isr.Commands;
using Isr.Configuration;
using Isr.Playback.Cutting;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.Playback.Cutting;

/// <summary>Two files of one connection, a third behind a gap, and one of which nothing tells when it began.</summary>
public sealed class CutEndpointsTests : IAsyncLifetime
{
    private const int Rate = 8000;

    private static readonly DateTime s_local = new(2026, 5, 23, 22, 31, 30);
    private static readonly DateTimeOffset s_start = new(s_local, TimeProvider.System.LocalTimeZone.GetUtcOffset(s_local));

    private readonly TemporaryDirectory _directory = new();
    private IHost? _host;
    private int _port;

    private string Folder => _directory.File("rec");

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateDirectory(Folder).FullName;
        var entries = new List<JournalEntry>();
        foreach (var (name, at, how, seed) in (ReadOnlySpan<(string, int, string, int)>)[("a.wav", 0, "split", 1), ("b.wav", 10, "disconnected", 2), ("c.wav", 25, "stopped", 3)])
        {
            File.WriteAllBytes(Path.Combine(folder, name), WavOf(seed));
            entries.Add(new FileOpened("mic", name, s_start.AddSeconds(at), "Pcm", Rate, 1, null) { At = s_start.AddSeconds(at) });
            entries.Add(new FileClosed("mic", name, s_start.AddSeconds(at + 10), 10 * Rate, 44 + (20 * Rate), how) { At = s_start.AddSeconds(at + 10) });
        }

        JournalFiles.Append(Path.Combine(folder, ".isr"), [.. entries]);
        File.WriteAllBytes(Path.Combine(folder, "o\"dd ü\n.wav"), WavOf(4));
        File.WriteAllBytes(Path.Combine(folder, "noise.mp3"), new byte[5000]);
        _host = RunCommand.Build(Settings.ForFolder(folder), new WebOptions { Port = 0 }, RunParts.Page, log: null);
        await _host.StartAsync();
        _port = new Uri(((WebApplication)_host).Urls.First()).Port;
        await RawHttp.AskAsync(_port, "GET", "/api/files", "Host: localhost");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_cut_is_named_by_the_wall_clock_and_exact_to_the_sample()
    {
        var answer = await AskAsync("file=a.wav&start=0:01.5&end=3");

        Assert.Equal((200, "audio/wav"), (answer.Status, answer["Content-Type"]));
        Assert.StartsWith("attachment; filename=20260523_22-31-32_22-31-33.wav", answer["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal(answer.Body.Length.ToString(CultureInfo.InvariantCulture), answer["Content-Length"]);
        Assert.Equal(WavOf(1)[(44 + (3 * Rate))..(44 + (6 * Rate))], answer.Body[^(3 * Rate)..]);
    }

    [Fact]
    public async Task What_nobody_dates_is_named_by_its_place_and_cannot_write_headers()
    {
        var answer = await AskAsync("file=o%22dd%20%C3%BC%0A.wav&start=0&end=2.5");

        Assert.Equal(200, answer.Status);
        Assert.Contains("filename*=UTF-8''o%22dd%20%C3%BC__cut_0s-2.5s.wav", answer["Content-Disposition"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("file=a.wav&source=mic&start=0&end=1", 400)]
    [InlineData("file=a.wav", 400)]
    [InlineData("file=a.wav&start=2&end=2", 400)]
    [InlineData("file=a.wav&start=3&end=2", 400)]
    [InlineData("file=a.wav&start=NaN&end=2", 400)]
    [InlineData("file=a.wav&start=-1&end=2", 400)]
    [InlineData("file=a.wav&start=1&end=1e99", 400)]
    [InlineData("file=a.wav&start=1&end=10.2", 400)]
    [InlineData("file=a.wav&start=1&end=10.05", 200)]
    [InlineData("file=a.wav&start=1:61&end=1:62", 400)]
    [InlineData("file=absent.wav&start=1&end=2", 404)]
    [InlineData("file=../rec/a.wav&start=1&end=2", 404)]
    [InlineData("file=%2Fetc%2Fpasswd&start=1&end=2", 404)]
    [InlineData("file=noise.mp3&start=1&end=2", 422)]
    [InlineData("source=mic&from=yesterday&to=now", 400)]
    public async Task What_cannot_be_cut_is_said_in_a_sentence(string query, int status)
    {
        var answer = await AskAsync(query);

        Assert.Equal(status, answer.Status);
        if (status != 200)
        {
            answer.IsProblem(status);
        }
    }

    [Theory]
    [InlineData("mic", 2.0, 8.0, 200)]
    [InlineData("mic", 8.0, 13.0, 200)]
    [InlineData("mic", 0.0, 20.0, 200)]
    [InlineData("mic", 8.0, 21.0, 409)]
    [InlineData("mic", 15.0, 27.0, 409)]
    [InlineData("mic", -5.0, 5.0, 409)]
    [InlineData("mic", 8.0, 8.0, 400)]
    [InlineData("mic", 500.0, 600.0, 404)]
    [InlineData("other", 1.0, 2.0, 404)]
    public async Task A_span_of_a_source_is_joined_where_it_is_one(string source, double from, double to, int status)
    {
        var answer = await AskAsync($"source={source}&from={Utc(from)}&to={Utc(to)}");

        Assert.Equal(status, answer.Status);
        if (status == 200)
        {
            byte[] all = [.. WavOf(1)[44..], .. WavOf(2)[44..]];
            Assert.Equal(all[(int)(from * 2 * Rate)..(int)(to * 2 * Rate)], answer.Body[^(int)((to - from) * 2 * Rate)..]);
            return;
        }

        answer.IsProblem(status);
        Assert.True(status != 409 || answer.Text.Contains("/api/export", StringComparison.Ordinal), answer.Text);
    }

    [Theory]
    [InlineData("90.5", 90.5)]
    [InlineData("1:30", 90.0)]
    [InlineData("1:00:01.25", 3601.25)]
    [InlineData("", null)]
    [InlineData("1:2:3:4", null)]
    [InlineData("1:-2", null)]
    [InlineData("Infinity", null)]
    [InlineData("1.5:20", null)]
    public void Times_are_read_as_people_write_them(string text, double? seconds) =>
        Assert.Equal(seconds, CutTime.TryParse(text, out var read) ? read : null);

    private static string Utc(double seconds) => s_start.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static byte[] WavOf(int seed)
    {
        var sound = TestSound.Make(Rate, 1, 16, 10, seed).Bytes(2);
        var wav = new byte[44 + sound.Length];
        "RIFF"u8.CopyTo(wav);
        BitConverter.TryWriteBytes(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        (wav[16], wav[20], wav[22], wav[32], wav[34]) = (16, 1, 1, 2, 16);
        BitConverter.TryWriteBytes(wav.AsSpan(24), Rate);
        BitConverter.TryWriteBytes(wav.AsSpan(28), 2 * Rate);
        "data"u8.CopyTo(wav.AsSpan(36));
        BitConverter.TryWriteBytes(wav.AsSpan(40), sound.Length);
        sound.CopyTo(wav.AsSpan(44));
        return wav;
    }

    private Task<RawAnswer> AskAsync(string query) => RawHttp.AskAsync(_port, "GET", $"/api/cut?{query}", "Host: localhost");
}
