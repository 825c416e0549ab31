using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Isr.Analysis.Worker;

/// <summary>How this program starts itself as a process that decodes.</summary>
internal static class WorkerStart
{
    /// <summary>Of the worker's managed heap; native memory it limits itself.</summary>
    private const long HeapBytes = 512 << 20;

    /// <summary>`isr worker` with these options, all three pipes redirected.</summary>
    public static ProcessStartInfo With(params ReadOnlySpan<string> options)
    {
        var (program, arguments) = Command();
        var start = new ProcessStartInfo(program, [.. arguments, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }

    /// <summary>
    /// `dotnet isr.dll` wherever that is what runs, in the tests, too; a program published as one file is started as itself.
    /// </summary>
    private static (string Program, string[] Arguments) Command()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "isr.dll");
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(assembly) && File.Exists(host) ? (host, [assembly, "worker"]) : (Environment.ProcessPath!, ["worker"]);
    }
}
