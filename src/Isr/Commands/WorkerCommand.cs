using System.CommandLine;
using Isr.Analysis.Worker;
using Isr.Analysis.Worker.Samples;

namespace Isr.Commands;

/// <summary>`worker`: the process that decodes; the program starts it itself.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Decode what the program asks for through pipes. The program starts this itself.") { Hidden = true };
        var samples = new Option<bool>("--samples") { Description = "Give samples of small files instead of levels of recordings." };
        command.Add(samples);
        command.SetAction(result => result.GetValue(samples) ? SampleProgram.RunAsync() : WorkerProgram.RunAsync());
        return command;
    }
}
