using System.Runtime.InteropServices;
using Isr.Interop;

namespace Isr.SelfTest.Interop;

/// <summary>What the system's libraries say of themselves. To be asked only where they are.</summary>
internal static partial class LibraryVersions
{
    public static string Alsa() => Marshal.PtrToStringUTF8(AlsaVersion()) ?? "";

    /// <summary>FLAC__VERSION_STRING is a variable: a pointer to the text.</summary>
    public static string Flac() =>
        NativeLibrary.TryGetExport(NativeLibraries.FlacHandle, "FLAC__VERSION_STRING", out var variable)
            ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(variable)) ?? ""
            : "";

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_asoundlib_version")]
    private static partial nint AlsaVersion();
}
