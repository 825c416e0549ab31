using System.Runtime.InteropServices;

namespace Isr.SelfTest.Interop;

/// <summary>Has this process's files take no more than so many bytes each: a disk that refuses, which needs no administrator.</summary>
internal static partial class FileLimit
{
    private const int LimitOfFile = 1;

    // SIGXFSZ, which would end the process at the first byte too many (setrlimit(2)).
    private const PosixSignal TooLarge = (PosixSignal)25;

    /// <summary>From now on a write beyond that fails with EFBIG; until what is returned is disposed.</summary>
    /// <exception cref="IOException">The system does not allow it.</exception>
    public static IDisposable Set(long bytes)
    {
        var registration = PosixSignalRegistration.Create(TooLarge, context => context.Cancel = true);
        if (SetLimit(LimitOfFile, new Limit((ulong)bytes, (ulong)bytes)) != 0)
        {
            registration.Dispose();
            throw new IOException($"setrlimit: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return registration;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    /// <summary>struct rlimit of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
