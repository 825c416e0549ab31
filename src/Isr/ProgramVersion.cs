using System.Reflection;

namespace Isr;

internal static class ProgramVersion
{
    /// <summary>As in the project file, without build metadata.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
