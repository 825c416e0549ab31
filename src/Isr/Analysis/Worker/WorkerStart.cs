using System.Diagnostics;
using System.Globalization;
using Isr.Interop;

namespace Isr.Analysis.Worker;

/// <summary>How this program starts itself as a process that decodes.</summary>
internal static class WorkerStart
{
    /// <summary>Of the worker's managed heap; native memory it limits itself.</summary>
    private const long HeapBytes = 512 << 20;

    /// <summary>`isr worker` with these options, all three pipes redirected.</summary>
    public static ProcessStartInfo With(params ReadOnlySpan<string> options)
    {
        var start = OwnProgram.With(["worker", .. options]);
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }
}
