using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program as a service manager sees it, and whoever asks it how it is.</summary>
[SideBySide]
public sealed class ServiceTests(LiveStation station)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("/notify")]
    [InlineData("@isr-test-")]
    public async Task A_service_manager_is_told_of_start_life_and_end(string kind)
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        using var listener = new NotifyListener(kind[0] == '@' ? kind + Path.GetFileName(folder.Path) : folder.Path + kind);
        await using var program = IsrProgram.Start(folder, ["run"], withPage: true, environment: Watched(listener, milliseconds: 200));

        await listener.UntilAsync("READY=1");
        using (var answer = await program.Http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            Assert.Contains("READY=1", listener.Messages[0], StringComparison.Ordinal);
        }

        await listener.UntilAsync("STATUS=Recording 1 of 1 source");
        await listener.UntilAsync("WATCHDOG=1", times: 5);

        // What hangs as a whole gives no sign of life, and the next one when it goes on.
        program.Send(Signal.Stop);
        await Wait.UntilAsync(() => File.ReadAllText($"/proc/{program.Id}/stat").Contains(") T ", StringComparison.Ordinal), s_patience, "it does not stand still");
        var before = listener.Count("WATCHDOG=1");
        await Task.Delay(TimeSpan.FromMilliseconds(600), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.InRange(listener.Count("WATCHDOG=1") - before, 0, 1);
        program.Send(Signal.Continue);
        await listener.UntilAsync("WATCHDOG=1", times: before + 2);

        var (result, _) = await program.EndAsync(Signal.Terminate);
        Assert.Equal(0, result.ExitCode);
        await listener.UntilAsync("STOPPING=1");
        Assert.Contains("STOPPING=1", listener.Messages[^1], StringComparison.Ordinal);
        Assert.Equal(1, listener.Count("READY=1"));
    }

    [Fact]
    public async Task A_recorder_without_a_page_tells_too_and_another_process_s_watchdog_is_not_its_own()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        using var listener = new NotifyListener(folder.File("notify"));
        var environment = Watched(listener, milliseconds: 100);
        environment["WATCHDOG_PID"] = "1";
        await using var program = IsrProgram.Start(folder, ["record"], environment: environment);

        await listener.UntilAsync("READY=1");
        await program.UntilRecordingAsync(folder);
        await listener.UntilAsync("STATUS=Recording 1 of 1 source");

        Assert.Equal(0, listener.Count("WATCHDOG=1"));
        Assert.Equal(0, (await program.EndAsync(Signal.Terminate)).Result.ExitCode);
        await listener.UntilAsync("STOPPING=1");
    }

    [Fact]
    public async Task Nobody_who_listens_costs_a_line_and_nothing_else()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = folder.File("nobody") };
        await using var program = IsrProgram.Start(folder, ["record"], environment: environment);
        await program.UntilRecordingAsync(folder);

        var (result, _) = await program.EndAsync(Signal.Terminate);

        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Text.Split('\n'), line => line.Contains("NOTIFY_SOCKET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_file_that_cannot_be_had_is_no_reason_not_to_record()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        Directory.CreateDirectory(folder.File("recorder.log"));
        await using var program = IsrProgram.Start(folder, ["record"]);
        await program.UntilRecordingAsync(folder);

        var (result, _) = await program.EndAsync(Signal.Terminate);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"The log file {folder.File("recorder.log")} cannot be opened", result.Errors, StringComparison.Ordinal);
        Assert.Contains("All files are finished", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_asks_a_running_program_and_says_what_it_answers()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using var program = IsrProgram.Start(folder, ["run"], withPage: true);
        await program.UntilServingAsync();

        var well = await IsrProgram.RunAsync(folder, "health", "--url", $"{program.Http.BaseAddress}healthz");
        var none = await IsrProgram.RunAsync(folder, "health", "--url", $"{program.Http.BaseAddress}api/nothing");
        var dead = await IsrProgram.RunAsync(folder, "health", "--url", $"http://127.0.0.1:{IsrProgram.FreePort()}/healthz");
        var wrong = await IsrProgram.RunAsync(folder, "health", "--url", "localhost");

        Assert.Equal((0, 1, 1, 2), (well.ExitCode, none.ExitCode, dead.ExitCode, wrong.ExitCode));
        Assert.Contains("/healthz answers 200: The recorder is running.", well.Text, StringComparison.Ordinal);
        Assert.Contains("answers 404", none.Text, StringComparison.Ordinal);
        Assert.Contains("does not answer: ", dead.Errors, StringComparison.Ordinal);
        Assert.Contains("begins with http://", wrong.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", dead.All, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Watched(NotifyListener listener, int milliseconds) => new(StringComparer.Ordinal)
    {
        ["NOTIFY_SOCKET"] = listener.Name,
        ["WATCHDOG_USEC"] = $"{milliseconds * 1000}",
    };
}
