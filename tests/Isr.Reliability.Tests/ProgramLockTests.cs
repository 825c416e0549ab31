using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests;

public sealed class ProgramLockTests
{
    [Fact]
    public async Task A_second_program_on_the_same_folder_refuses()
    {
        await using var server = new FaultServer();
        using var folder = new ProgramFolder();
        folder.Configure(60, ("a", server.Url("/a")));
        await using var first = IsrProgram.Start(folder, ["record"]);
        await server.WaitForRequestsAsync("/a", 1, TimeSpan.FromSeconds(20));

        var second = await IsrProgram.RunAsync(folder, "record");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("Another isr (process ", second.Errors, StringComparison.Ordinal);
    }
}
