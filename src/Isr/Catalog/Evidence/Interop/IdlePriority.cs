using System.Runtime.InteropServices;

namespace Isr.Catalog.Evidence.Interop;

/// <summary>Has the calling thread read and compute only what nobody else wants to: a recorder beside it comes first.</summary>
internal static partial class IdlePriority
{
    private const int LowestPriority = 19;
    private const int PriorityOfProcess = 0;
    private const int IoOfProcess = 1;

    // IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT, ioprio_set(2).
    private const int IdleClass = 3 << 13;

    /// <summary>Both are a thread's own on Linux, and need no rights. Schedulers of disks that know no idle class do without.</summary>
    public static void Apply()
    {
        _ = SetPriority(PriorityOfProcess, 0, LowestPriority);

        // The C library has no name for it, and the number differs.
        var call = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 251,
            Architecture.Arm64 => 30,
            _ => 0,
        };
        if (call != 0)
        {
            _ = SystemCall(call, IoOfProcess, 0, IdleClass);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint which, nint who, nint priority);
}
