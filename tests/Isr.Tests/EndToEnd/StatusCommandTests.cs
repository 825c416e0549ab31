using System.Text.Json;
using Isr.Recording.Status;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>`isr status` as a process of its own: piped, and on a real terminal.</summary>
public sealed class StatusCommandTests : IDisposable
{
    private readonly ProgramFolder _folder = new();
    private long _bytes;

    public StatusCommandTests() => Directory.CreateDirectory(_folder.Recordings);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_script_gets_the_file_and_an_exit_code()
    {
        var none = await IsrProgram.RunAsync(_folder, "status", "--json", "--dir", _folder.Recordings);
        Assert.Equal((1, "{\"active\": []}\n", ""), (none.ExitCode, none.Text, none.Errors));

        Write(SourceState.Recording);
        var well = await IsrProgram.RunAsync(_folder, "status", "--json", "--dir", _folder.Recordings);
        Assert.Equal((0, await File.ReadAllTextAsync(StatusPath, TestContext.Current.CancellationToken) + "\n"), (well.ExitCode, well.Text));

        Write(SourceState.Waiting);
        var once = await IsrProgram.RunAsync(_folder, "status", "--dir", _folder.Recordings);
        Assert.Equal((1, ""), (once.ExitCode, once.Errors));
        Assert.Contains("the cable \\u001b[2J is out", once.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", once.Text, StringComparison.Ordinal);

        Assert.Equal(2, (await IsrProgram.RunAsync(_folder, "status", "--dir", _folder.Recordings, "--nonsense")).ExitCode);
    }

    [Fact]
    public async Task A_terminal_is_drawn_again_in_place_and_given_back_as_it_was()
    {
        Write(SourceState.Recording, "one");
        await using var terminal = Processes.Start(
            "script", ["-qfec", $"stty rows 24 cols 80; stty -a; {IsrProgram.Executable()} status --dir {_folder.Recordings}; echo left $?; stty -a", "/dev/null"]);
        await Wait.UntilAsync(() => terminal.Text.Contains("one", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => terminal.Text);

        Write(SourceState.Recording, "two");
        await Wait.UntilAsync(() => terminal.Text.Contains("two", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => terminal.Text);
        await terminal.Input.WriteAsync("q"u8.ToArray(), TestContext.Current.CancellationToken);
        await terminal.Input.FlushAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => terminal.HasExited, TimeSpan.FromSeconds(20), () => terminal.Text);

        var all = (await terminal.WaitAsync(TestContext.Current.CancellationToken)).Text;
        var (enter, leave) = (all.IndexOf("\u001b[?1049h", StringComparison.Ordinal), all.IndexOf("\u001b[?1049l", StringComparison.Ordinal));
        Assert.InRange(enter, 1, leave);
        Assert.Contains("\u001b[?25h", all[leave..] + all[(leave - 20)..leave], StringComparison.Ordinal);
        Assert.Contains("left 0", all, StringComparison.Ordinal);

        // What the terminal does with keys is what it did before.
        Assert.Equal(Settings(all[..enter]), Settings(all[leave..]));
        Assert.Contains(" echo ", Settings(all[leave..]), StringComparison.Ordinal);
        var frames = all[enter..leave].Split("\u001b[H")[1..];
        Assert.InRange(frames.Length, 2, 100);
        Assert.All(frames, frame => Assert.InRange(frame.Count(c => c == '\n'), 1, 23));
    }

    private static string Settings(string text) => string.Join(' ', text[text.IndexOf("speed", StringComparison.Ordinal)..].Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith('\u001b')));

    private string StatusPath => Path.Combine(_folder.Recordings, RecorderStatus.FileName);

    private void Write(SourceState state, string name = "news")
    {
        var now = TimeProvider.System.GetLocalNow();
        var status = new RecorderStatus
        {
            Updated = now,
            Started = now,
            Pid = Environment.ProcessId,
            Version = "1",
            Sources =
            [
                new SourceStatus
                {
                    Name = name, Type = "stream", State = state, Since = now, Bytes = _bytes++, Error = state == SourceState.Recording ? null : "the cable \u001b[2J is out", ErrorAt = now,
                },
            ],
        };
        var temporary = _folder.File("status.new");
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.RecorderStatus));
        File.Move(temporary, StatusPath, overwrite: true);
    }
}
