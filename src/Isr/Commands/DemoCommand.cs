using System.CommandLine;

namespace Isr.Commands;

internal static class DemoCommand
{
    public static Command Create() => new("demo", "Record a built-in live station, with no configuration.");
}
