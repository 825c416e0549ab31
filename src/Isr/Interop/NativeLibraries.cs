using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isr.Interop;

/// <summary>
/// Finds the system's libraries by the names that a running system has: those without a version come with development
/// packages alone.
/// </summary>
internal static class NativeLibraries
{
    public const string Alsa = "asound";
    public const string Flac = "FLAC";

    private static readonly Lazy<nint> s_alsa = new(() => Load("libasound.so.2"));
    private static readonly Lazy<nint> s_flac = new(() => Load("libFLAC.so.14", "libFLAC.so.12", "libFLAC.so.8"));

    public static bool HasAlsa => s_alsa.Value != 0;

    public static bool HasFlac => s_flac.Value != 0;

    /// <summary>For what is no function; 0 when it is not there.</summary>
    public static nint FlacHandle => s_flac.Value;

    public static string AlsaSentence => "libasound.so.2 is not installed (package libasound2 or alsa-lib): soundcards need it";

    public static string FlacSentence => "libFLAC is not installed (package libflac12 or flac-libs): FLAC files of soundcards need it";

#pragma warning disable CA2255 // An assembly has one resolver, and this one must be there before any of its imports is called.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Use() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        Alsa => s_alsa.Value,
        Flac => s_flac.Value,
        _ => 0,
    };

    private static nint Load(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return library;
            }
        }

        return 0;
    }
}
