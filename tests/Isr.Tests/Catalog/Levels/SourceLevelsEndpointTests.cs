using System.Globalization;
using System.Text.Json;
using Isr.Tests.EndToEnd;
using Isr.Tests.Playback;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Levels;

public sealed class SourceLevelsEndpointTests : IAsyncLifetime
{
    private readonly ToldFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, at) in ((string, double)[])[("1.wav", 0), ("2.wav", 4.5), ("3.wav", 8.5)])
        {
            var sound = TestSound.Make(8000, 1, 16, 4);
            await sound.EncodeAsync(_folder.PathOf(name), "-c:a pcm_s16le");
            _folder.Tell("mic", name, at, sound.Samples.Length, 8000, 1, "split");
        }

        // Nobody told of it: it begins when it was written.
        File.Copy(_folder.PathOf("1.wav"), _folder.PathOf("found.wav"));
        File.SetLastWriteTimeUtc(_folder.PathOf("found.wav"), ToldFolder.Start.AddSeconds(20).UtcDateTime);
        await _folder.BeginAsync();
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData("2026-05-23T12:00:00Z", "2026-05-23T12:00:13Z")]
    [InlineData("2026-05-23T12:00:00.000Z", "2026-05-23T12:00:13.000Z")]
    [InlineData("2026-05-23T14:00:00.0000000%2B02:00", "2026-05-23T06:30:13-05:30")]
    public async Task A_span_of_time_is_drawn_across_recordings(string from, string to)
    {
        using var json = await DrawnAsync($"from={from}&to={to}&points=26");

        Assert.Equal(["from", "to", "window", "min", "max", "rms", "pending", "undecodable"], json.RootElement.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        Assert.Equal(0.1, json.RootElement.GetProperty("window").GetDouble());
        Assert.Equal((ToldFolder.Start, ToldFolder.Start.AddSeconds(13)), (json.RootElement.GetProperty("from").GetDateTimeOffset(), json.RootElement.GetProperty("to").GetDateTimeOffset()));
        foreach (var array in (string[])["min", "max", "rms"])
        {
            // Half a second between the first two, and behind the last.
            Assert.Equal([8, 25], json.RootElement.GetProperty(array).EnumerateArray().Index().Where(v => v.Item.ValueKind == JsonValueKind.Null).Select(v => v.Index));
        }
    }

    [Fact]
    public async Task The_empty_source_is_that_of_recordings_without_one()
    {
        using var loose = await DrawnAsync($"from={ToldFolder.Utc(0)}&to={ToldFolder.Utc(26)}&points=26", source: "");

        Assert.Equal([20, 21, 22, 23], loose.RootElement.GetProperty("rms").EnumerateArray().Index().Where(v => v.Item.ValueKind == JsonValueKind.Number).Select(v => v.Index));
    }

    [Fact]
    public async Task A_recording_that_is_written_is_drawn_as_far_as_it_is()
    {
        using var before = await DrawnAsync($"from={ToldFolder.Utc(0)}&to={ToldFolder.Utc(13)}&points=13");
        var bytes = await File.ReadAllBytesAsync(_folder.PathOf("3.wav"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.PathOf("3.wav"), bytes[..(44 + (2 * 8000 * 2))], TestContext.Current.CancellationToken);
        _folder.Record("3.wav");

        using var json = await DrawnAsync($"from={ToldFolder.Utc(8.5)}&to={ToldFolder.Utc(12.5)}&points=4");

        Assert.Equal([JsonValueKind.Number, JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null], json.RootElement.GetProperty("rms").EnumerateArray().Select(v => v.ValueKind));
        Assert.Equal(JsonValueKind.Number, before.RootElement.GetProperty("rms")[11].ValueKind);
    }

    [Fact]
    public async Task A_drawing_that_is_known_is_not_sent_again_nor_another_than_is_wanted()
    {
        var target = $"/api/levels?source=mic&from={ToldFolder.Utc(0)}&to={ToldFolder.Utc(13)}";
        using var drawn = await DrawnAsync(target[(target.IndexOf("from", StringComparison.Ordinal))..]);
        var first = await _folder.AskAsync(target);

        var known = await RawHttp.AskAsync(_folder.Port, "GET", target, ["Host: localhost", $"If-None-Match: {first["ETag"]}"]);
        var other = await RawHttp.AskAsync(_folder.Port, "GET", target, ["Host: localhost", "If-Match: \"other\""]);

        Assert.Equal((304, 0), (known.Status, known.Body.Length));
        other.IsProblem(412);
    }

    /// <summary>When all levels are there.</summary>
    private async Task<JsonDocument> DrawnAsync(string query, string source = "mic")
    {
        JsonDocument? json = null;
        await Wait.UntilAsync(
            async () =>
            {
                var answer = await _folder.AskAsync($"/api/levels?source={source}&{query}");
                Assert.True(answer.Status == 200, string.Create(CultureInfo.InvariantCulture, $"{answer.Status}: {answer.Text}"));
                json?.Dispose();
                json = JsonDocument.Parse(answer.Body);
                return json.RootElement.GetProperty("pending").GetArrayLength() == 0;
            },
            TimeSpan.FromSeconds(20),
            () => "the levels are not known");
        return json!;
    }
}
