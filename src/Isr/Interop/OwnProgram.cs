using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Isr.Interop;

/// <summary>How this program starts itself as another process.</summary>
internal static class OwnProgram
{
    /// <summary>
    /// `isr` with these words, all three pipes redirected: `dotnet isr.dll` wherever that is what runs, in the tests, too; a program published
    /// as one file is started as itself.
    /// </summary>
    public static ProcessStartInfo With(params IEnumerable<string> words)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "isr.dll");
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var (program, first) = File.Exists(assembly) && File.Exists(host) ? (host, (string[])[assembly]) : (Environment.ProcessPath!, []);
        return new ProcessStartInfo(program, [.. first, .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }
}
