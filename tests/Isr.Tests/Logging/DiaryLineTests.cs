using System.Text.Json;
using Isr.Configuration;
using Isr.Logging;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Logging;

public sealed partial class DiaryLineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(
        new DateTimeOffset(2026, 5, 23, 10, 0, 0, 123, TimeSpan.Zero), TimeZoneInfo.CreateCustomTimeZone("ahead", TimeSpan.FromHours(2), null, null));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_line_of_json_has_what_the_sentence_was_made_of()
    {
        using var json = JsonDocument.Parse(Write(LogFormat.Json, logger => LogTold(logger, "q\"uo\nte \u001b ü 🎙", 2.25, 12_345_678_901, null, new IOException("no room")))[0]);

        var root = json.RootElement;
        Assert.Equal(["time", "level", "category", "event_id", "event", "message", "values", "exception"], root.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        Assert.Equal("2026-05-23T12:00:00.123+02:00", root.GetProperty("time").GetString());
        Assert.Equal(("WARNING", "some.category", "LogTold"), (root.GetProperty("level").GetString(), root.GetProperty("category").GetString(), root.GetProperty("event").GetString()));
        Assert.NotEqual(0, root.GetProperty("event_id").GetInt32());
        Assert.Equal("[q\"uo\nte \u001b ü 🎙] 2.3 s, 12345678901 bytes, (null)", root.GetProperty("message").GetString());
        var values = root.GetProperty("values");
        Assert.Equal(("q\"uo\nte \u001b ü 🎙", 2.25, 12_345_678_901), (values.GetProperty("Source").GetString(), values.GetProperty("Seconds").GetDouble(), values.GetProperty("Bytes").GetInt64()));
        Assert.Equal(JsonValueKind.Null, values.GetProperty("Reason").ValueKind);
        Assert.StartsWith("System.IO.IOException: no room", root.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_number_in_json_is_a_word()
    {
        using var json = JsonDocument.Parse(Write(LogFormat.Json, logger => LogTold(logger, "\ud800", double.NaN, 0, null, null))[0]);

        Assert.Equal("NaN", json.RootElement.GetProperty("values").GetProperty("Seconds").GetString());
        Assert.Equal("\ufffd", json.RootElement.GetProperty("values").GetProperty("Source").GetString());
    }

    [Fact]
    public void A_line_of_text_is_one_line_whatever_is_in_it()
    {
        Assert.Equal(["2026-05-23 12:00:00.123 WARNING  [a b] 1.0 s, 2 bytes, c"], Write(LogFormat.Text, logger => LogTold(logger, "a\nb", 1, 2, "c", null)));
    }

    private string[] Write(LogFormat format, Action<ILogger> write)
    {
        var path = _directory.File($"{format}.log");
        using (var provider = new DiaryLoggerProvider(_time, new LogFile(path), format))
        {
            write(provider.CreateLogger("some.category"));
        }

        return File.ReadAllLines(path);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] {Seconds:0.0} s, {Bytes} bytes, {Reason}")]
    private static partial void LogTold(ILogger logger, string source, double seconds, long bytes, string? reason, Exception? exception);
}
