using Isr.Commands;
using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Access;

/// <summary>What a stream's address holds is nobody's business but the station's.</summary>
public sealed class SecretsTests
{
    private const string Secret = "hunter2";

    [Fact]
    public async Task No_log_journal_status_answer_or_event_holds_a_streams_password_or_query()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        server.Map("/moved", c => c.SendHeadersAsync("HTTP/1.1 302 Found", $"Location: http://user:{Secret}@127.0.0.1:{server.Port}/refused?token={Secret}", "Content-Length: 0"));
        server.Map("/refused", c => c.SendHeadersAsync("HTTP/1.1 403 Forbidden", "Content-Length: 0"));
        await using var program = await RunningProgram.StartAsync(
            directory, RunParts.All,
            TestSettings.Stream("refused", directory.File("rec"), new Uri($"http://user:{Secret}@127.0.0.1:{server.Port}/refused?token={Secret}")),
            TestSettings.Stream("moved", directory.File("rec"), new Uri($"http://127.0.0.1:{server.Port}/moved?key={Secret}")),
            TestSettings.Stream("dead", directory.File("rec"), new Uri($"http://user:{Secret}@127.0.0.1:1/?token={Secret}")) with { Username = "u", Password = Secret });
        using var events = await program.Http.GetAsync(new Uri(program.Page, "api/events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        foreach (var source in (string[])["refused", "moved", "dead"])
        {
            await program.WaitForAsync(source, status => status is { State: SourceState.Waiting, Error: not null });
        }

        // Sources change their state with each attempt, so that events come.
        var heard = "";
        using var reader = new StreamReader(stream);
        while (!heard.Contains("event: source", StringComparison.Ordinal) || !heard.EndsWith("\n\n", StringComparison.Ordinal))
        {
            heard += await reader.ReadLineAsync(TestContext.Current.CancellationToken) + "\n";
        }

        var answers = heard;
        foreach (var path in (string[])["api/status", "api/config", "api/files", "api/coverage"])
        {
            answers += await program.Http.GetStringAsync(new Uri(program.Page, path), TestContext.Current.CancellationToken);
        }

        await program.StopAsync();
        Assert.Contains("refused", answers, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, answers, StringComparison.Ordinal);
        Assert.DoesNotContain(program.Log, line => line.Contains(Secret, StringComparison.Ordinal));
        var files = Directory.GetFiles(program.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith(".jsonl", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains(Secret, StringComparison.Ordinal));
    }
}
