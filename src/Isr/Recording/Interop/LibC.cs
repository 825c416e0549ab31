using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Interop;

/// <summary>The few calls of the C library that .NET has no name for.</summary>
internal static partial class LibC
{
    private const string Library = "libc";
    private const int AtFdcwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxType = 1;
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    // Clock

    /// <summary>adjtimex(2) with no mode set only reads. Its answer says how good the clock is; -1 when it is not allowed.</summary>
    public static unsafe int ReadClockState()
    {
        // struct timex is 208 bytes on 64-bit Linux; modes is its first field.
        var timex = stackalloc byte[512];
        new Span<byte>(timex, 512).Clear();
        return AdjTimeX(timex);
    }

    // Disks

    /// <summary>Makes everything written to this file's file system durable (syncfs(2)); throws what the disk reports.</summary>
    public static void SyncFileSystem(SafeFileHandle anyFileOnIt)
    {
        if (SyncFs(anyFileOnIt) != 0)
        {
            throw new IOException($"syncfs: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>The number of the file system that a path lies on; null when it cannot be told.</summary>
    public static unsafe ulong? FileSystemOf(string path)
    {
        // struct statx, 256 bytes: stx_dev_major and stx_dev_minor at 136 and 140 on every architecture.
        var statx = stackalloc byte[256];
        return StatX(AtFdcwd, path, 0, 0, statx) == 0
            ? ((ulong)*(uint*)(statx + 136) << 32) | *(uint*)(statx + 140)
            : null;
    }

    // Paths

    /// <summary>The path without any link, "." and ".." as the kernel follows it; null when it leads nowhere.</summary>
    public static unsafe string? RealPath(string path)
    {
        var resolved = RealPath(path, 0);
        try
        {
            return Marshal.PtrToStringUTF8(resolved);
        }
        finally
        {
            NativeMemory.Free((void*)resolved);
        }
    }

    /// <summary>Whether a path is a file that holds bytes, and no link, pipe, socket or device.</summary>
    public static unsafe bool IsRegularFile(string path)
    {
        // stx_mode is at 28.
        var statx = stackalloc byte[256];
        return StatX(AtFdcwd, path, AtSymlinkNoFollow, StatxType, statx) == 0 && (*(ushort*)(statx + 28) & FileTypeMask) == RegularFile;
    }

    [LibraryImport(Library, EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint buffer);

    [LibraryImport(Library, EntryPoint = "adjtimex")]
    private static unsafe partial int AdjTimeX(byte* timex);

    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* result);
}
