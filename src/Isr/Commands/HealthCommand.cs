using System.CommandLine;
using System.Text.Json;
using Isr.Alarms.Health;

namespace Isr.Commands;

/// <summary>`health`: asks a running isr how it is, for a container that has no other program to ask with.</summary>
internal static class HealthCommand
{
    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("health", "Ask a running isr how it is: exit code 0 when it is well, 1 when it is not or does not answer within 5 s.");
        var url = new Option<string>("--url")
        {
            Description = "What to ask: /healthz/ready whether it has started, /healthz whether all is recorded.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080/healthz/ready",
            HelpName = "URL",
        };
        command.Add(url);
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(url)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string text, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            await Console.Error.WriteLineAsync($"--url {text} is no address: it begins with http:// or https://.");
            return ExitCode.Wrong;
        }

        // Straight to it: the environment's proxy is meant for other computers.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = s_patience, MaxResponseContentBufferSize = MaxAnswerBytes };
        try
        {
            using var answer = await client.GetAsync(url, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            Console.WriteLine($"{url.AbsolutePath} answers {(int)answer.StatusCode}{Sentences(body)}");
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Failed;
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {e.Message}");
            return ExitCode.Failed;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer within {s_patience.TotalSeconds:0} s.");
            return ExitCode.Failed;
        }
    }

    /// <summary>What isr says of itself, on a line; nothing where somebody else answers.</summary>
    private static string Sentences(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, HealthJson.Default.HealthReport) is { Checks: not null } report
                ? ": " + string.Concat(string.Join(' ', report.Checks.Select(check => check?.Sentence)).Where(letter => !char.IsControl(letter)))
                : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
