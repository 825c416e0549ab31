using Isr.Instruments.Otlp;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The real program sends to a receiver that is none of its library's.</summary>
public sealed class OtlpTests(LiveStation station)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_measured_said_and_asked_is_sent_where_the_environment_says()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", await station.UrlAsync()));
        await using var isr = IsrProgram.Start(folder, ["run"], withPage: true, Variables(receiver.Address));
        await isr.UntilServingAsync();

        await Wait.UntilAsync(
            () => receiver.Metrics.GetValueOrDefault("isr_source_audio_bytes_total{source=\"news\"}") > 10_000
                && receiver.Metrics.GetValueOrDefault("isr_source_state{source=\"news\",state=\"recording\"}") == 1
                && receiver.Metrics.GetValueOrDefault("isr_disk_sync_duration_seconds") > 0
                && receiver.Logs.Any(log => log.StartsWith("[news] recording MP3 ", StringComparison.Ordinal) && log.Contains("Source=\"news\"", StringComparison.Ordinal))
                && receiver.Spans.Any(span => span.StartsWith("GET /api/status{", StringComparison.Ordinal) && span.Contains("http.response.status_code=\"200\"", StringComparison.Ordinal)),
            s_patience,
            () => $"{string.Join('\n', receiver.Metrics)}\n{string.Join('\n', receiver.Logs)}\n{string.Join('\n', receiver.Spans)}\n{isr.Errors}");

        // The same names as Prometheus gets.
        var text = await isr.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var names = text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(receiver.Metrics.Keys.Select(key => key.Split('{')[0]).Except(names, StringComparer.Ordinal));
        Assert.Contains("isr_recordings_files", receiver.Metrics.Keys, StringComparer.Ordinal);
        Assert.Equal(("a studio", "berlin"), (receiver.Resource["service.name"], receiver.Resource["site"]));
        Assert.True(IsLoaded(isr));
        Assert.Equal(0, (await isr.EndAsync(Signal.Interrupt)).Result.ExitCode);
    }

    [Fact]
    public async Task A_recorder_without_a_page_sends_too_and_ends_in_time_when_nobody_takes_it()
    {
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", await station.UrlAsync()));
        var receiver = await OtlpReceiver.StartAsync();
        await using var isr = IsrProgram.Start(folder, ["record"], environment: Variables(receiver.Address));
        await Wait.UntilAsync(() => receiver.Metrics.GetValueOrDefault("isr_source_audio_seconds_total{source=\"news\"}") > 1, s_patience, () => $"{string.Join('\n', receiver.Metrics)}\n{isr.Errors}");

        await receiver.DisposeAsync();
        var (result, took) = await isr.EndAsync(Signal.Terminate);

        Assert.Equal(0, result.ExitCode);
        Assert.True(took < IsrProgram.EndsWithin, $"it took {took.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Without_the_variables_nothing_of_it_is_loaded()
    {
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", await station.UrlAsync()));
        await using var isr = IsrProgram.Start(folder, ["record"]);
        await isr.UntilRecordingAsync(folder);

        Assert.False(IsLoaded(isr));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://x")]
    [InlineData(true, false, false, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://x")]
    [InlineData(true, false, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://x", "OTEL_TRACES_EXPORTER=none")]
    [InlineData(false, false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://x", "OTEL_SDK_DISABLED=true")]
    [InlineData(false, false, false, "OTEL_EXPORTER_OTLP_ENDPOINT= ")]
    public void What_is_sent_is_what_the_variables_say(bool metrics, bool traces, bool logs, params string[] variables)
    {
        var all = variables.Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);

        Assert.Equal(new OtlpSignals(metrics, traces, logs), OtlpSignals.Of(all.GetValueOrDefault));
    }

    private static Dictionary<string, string> Variables(Uri receiver) => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
        ["OTEL_SERVICE_NAME"] = "a studio",
        ["OTEL_RESOURCE_ATTRIBUTES"] = "site=berlin",
    };

    private static bool IsLoaded(IsrProgram isr) => File.ReadAllText($"/proc/{isr.Id}/maps").Contains("OpenTelemetry", StringComparison.Ordinal);
}
