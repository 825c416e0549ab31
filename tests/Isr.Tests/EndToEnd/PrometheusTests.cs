using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Isr.Access;
using Isr.Access.SignIn;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.EndToEnd;

/// <summary>A real Prometheus asks the real program, as docs/monitoring.md says, and is asked in turn.</summary>
public sealed class PrometheusTests(LiveStation station, ITestOutputHelper output)
{
    [Fact]
    public async Task It_scrapes_with_a_token_and_answers_with_what_is_recorded()
    {
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", await station.UrlAsync()), ("q\"uote \\ ü 東京", new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/gone")));
        var token = await SetUpAccessAsync(folder);

        // By its outer address, as another computer would: from this one nobody need show a token.
        var address = OuterAddress();
        await using var isr = IsrProgram.Start(folder, ["run", "--host", address.ToString()], withPage: true);
        var target = $"{address}:{await PortAsync(isr)}";
        await using var prometheus = Start(folder, target, token, out var asked);
        using var http = new HttpClient { BaseAddress = asked };

        await UntilAsync(http, prometheus, "up{job=\"isr\"}", values => values is [1]);
        await UntilAsync(http, prometheus, "isr_source_state{source=\"news\",state=\"recording\"}", values => values is [1]);
        await UntilAsync(http, prometheus, "sum by (state) (isr_source_state{source=\"q\\\"uote \\\\ ü 東京\",state=~\"waiting|connecting\"})", values => values.Count == 2 && values.Sum() == 1);
        await UntilAsync(http, prometheus, "resets(isr_source_audio_bytes_total{source=\"news\"}[1m]) == 0 and delta(isr_source_audio_bytes_total{source=\"news\"}[1m]) > 10000", values => values.Count == 1);

        // What it has agrees with what the program says of itself.
        using var status = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Recordings, "status.json"), TestContext.Current.CancellationToken));
        var bytes = status.RootElement.GetProperty("sources")[0].GetProperty("bytes").GetDouble();
        await UntilAsync(http, prometheus, "isr_source_audio_bytes_total{source=\"news\"}", values => values is [var told] && told >= bytes);
        await UntilAsync(http, prometheus, "isr_disk_sync_duration_seconds_count", values => values is [> 0]);
        await UntilAsync(http, prometheus, "isr_http_request_duration_seconds_count{route=\"/metrics\",status=\"200\"}", values => values is [> 0]);
        output.WriteLine(await http.GetStringAsync(new Uri("/api/v1/targets?state=active", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(0, (await isr.EndAsync(Signal.Interrupt)).Result.ExitCode);
    }

    private static async Task<string> SetUpAccessAsync(ProgramFolder folder)
    {
        new PasswordStore(new AccessOptions(folder.StateDirectory), NullLogger<PasswordStore>.Instance).Set(Role.Listen, PasswordHash.Create("correct horse battery"));
        new PasswordStore(new AccessOptions(folder.StateDirectory), NullLogger<PasswordStore>.Instance).Set(Role.Manage, PasswordHash.Create("correct horse staple"));
        var made = await IsrProgram.RunAsync(folder, "token", "add", "prometheus", "--role", "listen");
        Assert.True(made.ExitCode == 0, made.Errors);
        return made.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).Single(line => line.StartsWith("isr_", StringComparison.Ordinal));
    }

    private static async Task<int> PortAsync(IsrProgram isr)
    {
        var port = isr.Http.BaseAddress!.Port;
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(OuterAddress(), port, TestContext.Current.CancellationToken);
                    return true;
                }
                catch (SocketException) when (!isr.HasExited)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(20),
            () => $"nothing listens: {isr.Errors}");
        using var without = new HttpClient();
        using var refused = await without.GetAsync(new Uri($"http://{OuterAddress()}:{port}/metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(IPAddress.IsLoopback(OuterAddress()) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, refused.StatusCode);
        return port;
    }

    private static IPAddress OuterAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(own => own.Address)
        .FirstOrDefault(own => own.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(own)) ?? IPAddress.Loopback;

    /// <summary>With the configuration that is handed out, but for its addresses, places and pace.</summary>
    private static Processes Start(ProgramFolder folder, string target, string token, out Uri address)
    {
        var packaged = Path.Combine(Campaign.Root(), "packaging", "prometheus");
        var configuration = File.ReadAllText(Path.Combine(packaged, "prometheus.yml"))
            .Replace("recorder.example.org:8080", target, StringComparison.Ordinal)
            .Replace("scrape_interval: 15s", "scrape_interval: 500ms\n    scrape_timeout: 500ms", StringComparison.Ordinal)
            .Replace("/etc/prometheus/isr.token", folder.File("isr.token"), StringComparison.Ordinal)
            .Replace("/etc/prometheus/isr.rules.yml", Path.Combine(packaged, "isr.rules.yml"), StringComparison.Ordinal);
        Assert.DoesNotContain("example.org", configuration, StringComparison.Ordinal);
        Assert.DoesNotContain("15s", configuration, StringComparison.Ordinal);
        File.WriteAllText(folder.File("prometheus.yml"), configuration);
        File.WriteAllText(folder.File("isr.token"), token);
        var listens = $"127.0.0.1:{IsrProgram.FreePort()}";
        address = new Uri($"http://{listens}");
        return Processes.Start(
            "prometheus", [$"--config.file={folder.File("prometheus.yml")}", $"--storage.tsdb.path={folder.File("tsdb")}", $"--web.listen-address={listens}", "--log.level=warn"]);
    }

    private async Task UntilAsync(HttpClient http, Processes prometheus, string query, Func<IReadOnlyList<double>, bool> condition)
    {
        var answer = "";
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    answer = await http.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative), TestContext.Current.CancellationToken);
                }
                catch (HttpRequestException e) when (!prometheus.HasExited)
                {
                    answer = e.Message;
                    return false;
                }

                using var json = JsonDocument.Parse(answer);
                return condition([.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
                    .Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))]);
            },
            TimeSpan.FromSeconds(20),
            () => $"{query}: {answer}\n{prometheus.Errors}");
        output.WriteLine($"{query}\n  {answer}");
    }
}
