using Isr.Tests.EndToEnd;

namespace Isr.Reliability.Tests.Programs;

public sealed class ProgramLockTests
{
    [Fact]
    public Task A_second_program_on_the_same_folder_refuses() => FaultMatrix.RowAsync(
        FaultKind.Process, "a second process is started on the same folder", "it ends with 1 and a sentence that names the first; the first loses nothing", async () =>
        {
            await using var run = new FaultRun();
            await run.StartAsync();
            await run.UntilAsync(() => run.Witness.Last > 0, () => "nothing is recorded");

            var second = await IsrProgram.RunAsync(run.Folder, "record");
            await FaultRun.ForAsync(1);
            await run.StopAsync();

            Assert.Equal(1, second.ExitCode);
            Assert.Contains("Another isr", second.Errors, StringComparison.Ordinal);
            Assert.Contains($"process {run.Program.Id},", second.Errors, StringComparison.Ordinal);
            return run.CheckWitness().Figures;
        });
}
