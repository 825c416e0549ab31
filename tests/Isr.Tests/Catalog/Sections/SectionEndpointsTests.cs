using System.Text.Json;
using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.Catalog.Sections;

public sealed class SectionEndpointsTests : IAsyncLifetime
{
    private const string Name = "20260523_100000.wav";

    private readonly TemporaryDirectory _directory = new();
    private IHost? _host;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        var path = Path.Combine(Directory.CreateDirectory(_directory.File("rec")).FullName, Name);
        await File.WriteAllBytesAsync(path, new byte[1000]);
        var start = new DateTimeOffset(new DateTime(2026, 5, 23, 10, 0, 0), TimeProvider.System.LocalTimeZone.GetUtcOffset(new DateTime(2026, 5, 23, 10, 0, 0)));
        JournalFiles.Append(
            Path.Combine(_directory.File("rec"), ".isr"),
            new FileOpened("mic", Name, start, "Pcm", 8000, 1, null) { At = start },
            new FileClosed("mic", Name, start.AddSeconds(100), 800_000, 1000, "stopped") { At = start.AddSeconds(100) });

        var settings = Settings.ForFolder(_directory.File("rec"));
        _host = RunCommand.Build(settings, new WebOptions { Port = 0, Detection = new DetectionParameters(10, 2, 0.5) }, RunParts.Page, log: null);
        var quiet = Enumerable.Repeat((short)100, 1000).ToArray();
        quiet.AsSpan(500, 10).Fill(10_000);
        _host.Services.GetRequiredService<LevelStore>().Write(Name, 1000, File.GetLastWriteTimeUtc(path), TestLevels.Of(quiet));
        await _host.StartAsync();
        _port = new Uri(((WebApplication)_host).Urls.First()).Port;
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
    public async Task A_recording_is_analysed_from_its_levels()
    {
        var answer = await AskAsync($"/api/analyze?file={Name}");

        var json = JsonDocument.Parse(answer.Text).RootElement;
        Assert.Equal(["rms_display", "sections", "duration", "window", "cached"], json.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        Assert.Equal((800, 0.30518, 100.0, 0.1), (json.GetProperty("rms_display").GetArrayLength(), json.GetProperty("rms_display").EnumerateArray().Max(v => v.GetDouble()),
            json.GetProperty("duration").GetDouble(), json.GetProperty("window").GetDouble()));
        Assert.Equal("""[{"start":50,"end":51,"score":40}]""", json.GetProperty("sections").GetRawText());
        Assert.True(json.GetProperty("cached").GetBoolean());
    }

    [Theory]
    [InlineData("margin=40", 1)]
    [InlineData("margin=41", 0)]
    [InlineData("margin=1000", 0)]
    [InlineData("margin=nan", 1)]
    [InlineData("margin=loud", 1)]
    [InlineData("min_duration=1", 1)]
    [InlineData("min_duration=1.1", 0)]
    public async Task Parameters_act_at_once(string query, int sections)
    {
        var answer = await AskAsync($"/api/analyze?file={Name}&{query}");

        Assert.Equal(sections, JsonDocument.Parse(answer.Text).RootElement.GetProperty("sections").GetArrayLength());
    }

    [Theory]
    [InlineData("/api/analyze", 400)]
    [InlineData("/api/analyze?file=", 400)]
    [InlineData("/api/analyze?file=absent.wav", 404)]
    [InlineData("/api/analyze?file=../rec/20260523_100000.wav", 404)]
    [InlineData("/api/analyze?file=%2Fetc%2Fpasswd", 404)]
    [InlineData("/api/sections?from=then", 400)]
    public async Task What_cannot_be_answered_is_said_in_a_sentence(string target, int status)
    {
        var answer = await AskAsync(target);

        Assert.Equal(status, answer.Status);
        Assert.EndsWith(".", JsonDocument.Parse(answer.Text).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-05-23&to=2026-05-23", 1)]
    [InlineData("from=2026-05-23&to=2026-05-23&source=mic", 1)]
    [InlineData("from=2026-05-23&to=2026-05-23&source=other", 0)]
    [InlineData("from=2026-05-23&to=2026-05-23&margin=60", 0)]
    [InlineData("from=2026-05-23T10:00:52&to=2026-05-23", 0)]
    public async Task Sections_of_a_span_are_found_with_their_places(string query, int count)
    {
        var listed = await AskAsync("/api/files");
        Assert.Contains("\"source\":\"mic\"", listed.Text, StringComparison.Ordinal);

        var json = JsonDocument.Parse((await AskAsync($"/api/sections?{query}")).Text).RootElement;

        Assert.Equal((count, 0), (json.GetProperty("sections").GetArrayLength(), json.GetProperty("pending").GetArrayLength()));
        if (count > 0)
        {
            var section = json.GetProperty("sections")[0];
            Assert.Equal(("mic", Name, 50.0, 40.0), (
                section.GetProperty("source").GetString(), section.GetProperty("file").GetString(), section.GetProperty("offset").GetDouble(), section.GetProperty("score").GetDouble()));
            Assert.StartsWith("2026-05-23T10:00:50", section.GetProperty("start").GetString(), StringComparison.Ordinal);
            Assert.StartsWith("2026-05-23T10:00:51", section.GetProperty("end").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_is_told_the_servers_parameters() =>
        Assert.Equal("""{"margin":10,"min_gap":2,"min_duration":0.5}""", (await AskAsync("/api/config")).Text);

    private Task<RawAnswer> AskAsync(string target) => RawHttp.AskAsync(_port, "GET", target, ["Host: localhost"]);
}
