using System.Text.Json;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>What the built program says is missing.</summary>
[SideBySide]
public sealed class CoverageTests(LiveStation station)
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 23, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "Nothing is missing.", "--from", "2026-05-23 10:00", "--to", "2026-05-23 11:00")]
    [InlineData(1, "1:00:00.0", "--from", "2026-05-23", "--to", "2026-05-23 12:00")]
    [InlineData(1, "isr was not running", "--from", "2026-05-23", "--to", "2026-05-24", "--source", "radio")]
    [InlineData(1, "\"cause\":\"killed\"", "--from", "2026-05-23", "--to", "2026-05-24", "--json")]
    [InlineData(0, "Nothing was to be recorded", "--from", "2026-05-01", "--to", "2026-05-02")]
    [InlineData(2, "radio", "--source", "another")]
    [InlineData(2, "nonsense", "--from", "nonsense")]
    [InlineData(2, "--nonsense", "--nonsense")]
    public async Task The_exit_code_says_whether_anything_is_missing(int code, string words, params string[] options)
    {
        using var folder = new ProgramFolder();
        Directory.CreateDirectory(folder.Recordings);
        JournalFiles.Append(
            folder.StateDirectory,
            new ProgramStarted("1", 1, "UTC", "synchronised") { At = s_start },
            new SourceConfigured("radio", "stream", []) { At = s_start },
            new FileOpened("radio", "a.mp3", s_start, "Mpeg", 44100, 2, null) { At = s_start },
            new FileClosed("radio", "a.mp3", s_start.AddHours(1), 44100 * 3600L, 1000, "split") { At = s_start.AddHours(1) });

        await using var program = IsrProgram.Start(
            folder, ["coverage", "--dir", folder.Recordings, .. options], environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["TZ"] = "UTC" });
        var result = await program.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(words, result.All, StringComparison.Ordinal);
        Assert.Equal([folder.StateDirectory], Directory.GetFileSystemEntries(folder.Recordings));
        Assert.Single(Directory.GetFileSystemEntries(folder.StateDirectory));
    }

    [Fact]
    public async Task A_kill_and_the_time_after_it_are_missing_on_the_page_and_on_the_command_line()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using (var killed = IsrProgram.Start(folder, ["run"], withPage: true))
        {
            await killed.UntilRecordingAsync(folder);
            killed.Kill();
            await killed.WaitAsync(TimeSpan.FromSeconds(10));
        }

        // Longer than the station's burst, which would make up for it.
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, TestContext.Current.CancellationToken);
        await using var program = IsrProgram.Start(folder, ["run"], withPage: true);
        await program.UntilServingAsync();
        await program.UntilRecordingAsync(folder, files: 2);
        JsonElement answer = default;
        ProcessResult command = default!;
        await Wait.UntilAsync(
            async () =>
            {
                // The journal's word on the gap may come between the two.
                answer = JsonDocument.Parse(await program.Http.GetStringAsync(new Uri("/api/coverage", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
                command = await IsrProgram.RunAsync(folder, "coverage", "--json");
                return answer.GetProperty("sources").GetArrayLength() == 1 && !Gaps(answer).Any(g => g.GetProperty("open").GetBoolean())
                    && Told(answer) == Told(JsonDocument.Parse(command.Text).RootElement);
            },
            TimeSpan.FromSeconds(20),
            () => $"{answer}\n{command}");
        using var wrong = await program.Http.GetAsync(new Uri("/api/coverage?from=yesterday", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Contains(Gaps(answer), g => g.GetProperty("cause").GetString() == "killed");
        Assert.Equal((400, "application/problem+json"), ((int)wrong.StatusCode, wrong.Content.Headers.ContentType!.MediaType));
        Assert.Contains("yesterday", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(1, command.ExitCode);
    }

    private static JsonElement.ArrayEnumerator Gaps(JsonElement report) => report.GetProperty("sources")[0].GetProperty("gaps").EnumerateArray();

    private static string Told(JsonElement report) => string.Join('\n', Gaps(report));
}
