using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isr.Access.Interop;

/// <summary>
/// Files that several processes append to at once: with O_APPEND each write goes to the end, wherever that is by then. The
/// framework's own way to append remembers the end as it was.
/// </summary>
internal static partial class AppendOnlyFile
{
    // asm-generic/fcntl.h
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180;

    /// <summary>Appends the bytes in one write; makes the file, for its owner alone, where there is none.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Open(path, WriteOnly | Create | Append | CloseOnExec, OwnerOnly);
        if (file.IsInvalid)
        {
            throw new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        // pwrite to a file opened so appends, whatever the offset (pwrite(2), "BUGS").
        RandomAccess.Write(file, bytes, 0);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);
}
