using System.Runtime.InteropServices;

namespace Isr.Analysis.Worker.Interop;

/// <summary>What the worker denies itself; the programs that it starts inherit it.</summary>
internal static partial class ProcessLimits
{
    private const int LowPriority = 10;
    private const int PriorityOfProcess = 0;
    private const int LimitOfCore = 4;
    private const int LimitOfData = 2;
    private const int NoNewPrivileges = 38;

    /// <summary>Memory that may be written to, of this process and of each of its children.</summary>
    private const ulong MaxDataBytes = 1ul << 30;

    /// <summary>When memory runs out, this process is to go before any other (proc(5), oom_score_adj).</summary>
    private const string FirstToGo = "900";

    /// <summary>Everything that needs no rights; what cannot be had here is done without: none of it is needed for the work.</summary>
    /// <param name="yields">It lets everything else go first; not where somebody waits to hear what it decodes.</param>
    public static void Apply(bool yields)
    {
        if (yields)
        {
            _ = SetPriority(PriorityOfProcess, 0, LowPriority);
        }

        _ = SetLimit(LimitOfData, new Limit(MaxDataBytes, MaxDataBytes));
        _ = SetLimit(LimitOfCore, default);
        _ = Control(NoNewPrivileges, 1, 0, 0, 0);
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", FirstToGo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not given in some containers.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    /// <summary>struct rlimit of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
