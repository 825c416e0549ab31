namespace Isr.Tests.Support;

public sealed class ProcessesTests
{
    [Fact]
    public async Task A_program_is_run_to_its_end()
    {
        var result = await Processes.RunAsync("sh", ["-c", "cat; echo oops >&2; exit 3"], "in"u8.ToArray());

        Assert.Equal((3, "in", "oops\n"), (result.ExitCode, result.Text, result.Errors));
    }

    [Fact]
    public async Task A_program_goes_with_its_children_when_disposed()
    {
        var process = Processes.Start("sh", ["-c", "sleep 1000 & echo $! >&2; wait"]);
        await Wait.UntilAsync(() => process.Errors.EndsWith('\n'), TimeSpan.FromSeconds(10), "no child");
        var child = process.Errors.Trim();

        await process.DisposeAsync();

        await Wait.UntilAsync(() => !Directory.Exists($"/proc/{child}") || IsZombie(child), TimeSpan.FromSeconds(10), () => $"{child} lives");
    }

    private static bool IsZombie(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
