using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isr.Interop;

namespace Isr.Sources.Alsa.Interop;

/// <summary>What libasound's calls answer when they fail: the numbers of errno(3), negated.</summary>
internal static unsafe partial class AlsaError
{
    public const int NotPermitted = -1;
    public const int NoEntry = -2;
    public const int Interrupted = -4;
    public const int NoAddress = -6;
    public const int TryAgain = -11;
    public const int NoAccess = -13;
    public const int Busy = -16;
    public const int NoDevice = -19;
    public const int Overrun = -32;
    public const int Suspended = -86;

    /// <summary>The error in libasound's words.</summary>
    public static string Describe(int code)
    {
        var words = Marshal.PtrToStringUTF8((nint)DescribeNative(code)) ?? $"error {-code}";
        return words.Length > 1 && !char.IsUpper(words[1]) ? char.ToLowerInvariant(words[0]) + words[1..] : words;
    }

    /// <summary>What fails is told by who asked for it; libasound would write it to standard error as well.</summary>
    public static void KeepQuiet() => _ = SetHandler(&Ignore);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_strerror")]
    private static partial byte* DescribeNative(int code);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_lib_error_set_handler")]
    private static partial int SetHandler(delegate* unmanaged[Cdecl]<byte*, int, byte*, int, byte*, void> handler);

    // It is called with the format's arguments, too; who does not look at them need not declare them.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(byte* file, int line, byte* function, int code, byte* format)
    {
    }
}
