using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Interop;

/// <summary>The few calls of the C library that .NET has no name for.</summary>
internal static partial class LibC
{
    private const string Library = "libc";
    private const int AtFdcwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxType = 1;
    private const uint StatxBasic = 0x7FF;
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const uint RenameNoReplace = 1;
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int ExecuteOk = 1;
    private const int WriteOk = 2;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int Exists = 17;
    private const int CrossDevice = 18;
    private const int InvalidArgument = 22;
    private const int ReadOnlyFileSystem = 30;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

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
        return StatX(AtFdcwd, path, 0, 0, statx) == 0 ? Device(statx) : null;
    }

    /// <summary>Which file an open file is; null when its file system no longer tells.</summary>
    public static unsafe FileIdentity? IdentityOf(SafeFileHandle file)
    {
        var statx = stackalloc byte[256];
        return StatXOfFile(file, "", AtEmptyPath, StatxBasic, statx) == 0 ? Identity(statx) : null;
    }

    /// <summary>Which file has this name; null when none has.</summary>
    public static unsafe FileIdentity? IdentityOf(string path)
    {
        var statx = stackalloc byte[256];
        return StatX(AtFdcwd, path, AtSymlinkNoFollow, StatxBasic, statx) == 0 ? Identity(statx) : null;
    }

    /// <summary>Which file a path leads to, through links; null when it leads nowhere.</summary>
    public static unsafe FileIdentity? IdentityBehind(string path)
    {
        var statx = stackalloc byte[256];
        return StatX(AtFdcwd, path, 0, StatxBasic, statx) == 0 ? Identity(statx) : null;
    }

    /// <summary>Which file a path leads to, and when it was changed last (ctime); null when it leads nowhere. Other bytes are another stamp.</summary>
    public static unsafe FileStamp? StampBehind(string path)
    {
        // stx_ctime is at 96: seconds, and nanoseconds behind them.
        var statx = stackalloc byte[256];
        return StatX(AtFdcwd, path, 0, StatxBasic, statx) == 0 ? new FileStamp(Identity(statx), *(long*)(statx + 96), *(uint*)(statx + 104)) : null;
    }

    /// <summary>Renames within a file system without ever replacing what has the new name (renameat2(2)).</summary>
    public static RenameOutcome Rename(string path, string newPath)
    {
        if (RenameAt2(AtFdcwd, path, AtFdcwd, newPath, RenameNoReplace) == 0)
        {
            return RenameOutcome.Done;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Exists => RenameOutcome.Taken,
            CrossDevice => RenameOutcome.OtherFileSystem,
            InvalidArgument or NotImplemented or NotSupported => RenameOutcome.NotSupported,
            NotPermitted or AccessDenied or ReadOnlyFileSystem => throw new UnauthorizedAccessException($"{path} cannot be renamed to {newPath}: {Marshal.GetLastPInvokeErrorMessage()}"),
            _ => throw new IOException($"{path} cannot be renamed to {newPath}: {Marshal.GetLastPInvokeErrorMessage()}"),
        };
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

    /// <summary>Whether this process may make and remove names in a folder: access(2).</summary>
    public static bool MayWrite(string folder) => AccessNative(folder, WriteOk | ExecuteOk) == 0;

    /// <summary>The number of the user whose rights this process has.</summary>
    public static uint UserId => GetEffectiveUserId();

    /// <summary>A folder, held open so that /proc/self/fd names it in few letters; invalid when there is none.</summary>
    public static SafeFileHandle OpenFolder(string path) => Open(path, PathOnly | CloseOnExec, 0);

    /// <summary>Makes the names in a folder durable; throws what the disk reports.</summary>
    public static void SyncFolder(string path)
    {
        using var folder = Open(path, CloseOnExec, 0);
        if (folder.IsInvalid || (FSync(folder) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument))
        {
            throw new IOException($"{path} could not be made durable: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // stx_nlink is at 16, stx_ino at 32, stx_size at 40.
    private static unsafe FileIdentity Identity(byte* statx) => new(Device(statx), *(ulong*)(statx + 32), *(uint*)(statx + 16), *(long*)(statx + 40));

    private static unsafe ulong Device(byte* statx) => ((ulong)*(uint*)(statx + 136) << 32) | *(uint*)(statx + 140);

    [LibraryImport(Library, EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint buffer);

    [LibraryImport(Library, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AccessNative(string path, int mode);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport(Library, EntryPoint = "adjtimex")]
    private static unsafe partial int AdjTimeX(byte* timex);

    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatXOfFile(SafeFileHandle file, string path, int flags, uint mask, byte* result);

    [LibraryImport(Library, EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int RenameAt2(int directory, string path, int newDirectory, string newPath, uint flags);
}

/// <summary>A file as its file system knows it.</summary>
/// <param name="Device">The file system's number.</param>
/// <param name="Inode">The file's number there.</param>
/// <param name="Links">How many names it has; 0 when it was deleted while open.</param>
/// <param name="Size">Its length in bytes.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, uint Links, long Size)
{
    /// <summary>Another look at the same file, which may have grown since.</summary>
    public bool IsSameFile(FileIdentity other) => (Device, Inode) == (other.Device, other.Inode);
}

/// <summary>A file as it was at some moment.</summary>
internal readonly record struct FileStamp(FileIdentity File, long Seconds, uint Nanoseconds);

/// <summary>What became of a rename.</summary>
internal enum RenameOutcome
{
    Done,

    /// <summary>Something has the new name; nothing was changed.</summary>
    Taken,

    /// <summary>The new name lies on another file system: only a copy gets there.</summary>
    OtherFileSystem,

    /// <summary>This file system cannot promise that nothing is replaced.</summary>
    NotSupported,
}
