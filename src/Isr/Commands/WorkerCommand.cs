using System.CommandLine;
using Isr.Analysis.Worker;

namespace Isr.Commands;

/// <summary>`worker`: the process that decodes; the program starts it itself.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Decode what the program asks for through pipes. The program starts this itself.") { Hidden = true };
        command.SetAction(_ => WorkerProgram.RunAsync());
        return command;
    }
}
