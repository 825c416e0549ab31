using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isr.Catalog.Interop;

/// <summary>
/// inotify(7). FileSystemWatcher cannot ask for "closed after writing": it would be woken by every write to
/// every file that is being recorded.
/// </summary>
internal static partial class INotify
{
    public const uint Attributes = 0x4;
    public const uint CloseWrite = 0x8;
    public const uint MovedFrom = 0x40;
    public const uint MovedTo = 0x80;
    public const uint Create = 0x100;
    public const uint Delete = 0x200;
    public const uint DeleteSelf = 0x400;
    public const uint MoveSelf = 0x800;
    public const uint Unmount = 0x2000;
    public const uint Overflow = 0x4000;
    public const uint Ignored = 0x8000;
    public const uint OnlyFolders = 0x0100_0000;
    public const uint DontFollow = 0x0200_0000;
    public const uint IsFolder = 0x4000_0000;

    /// <summary>Bytes of struct inotify_event before its name: watch, mask, cookie and the name's length, four each.</summary>
    public const int EventHeaderBytes = 16;

    private const string Library = "libc";
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;

    /// <summary>Null when the system has no more of them for this user.</summary>
    public static SafeFileHandle? TryOpen()
    {
        var descriptor = Init(NonBlocking | CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The watch's number; below 0 when there is none.</summary>
    [LibraryImport(Library, EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddWatch(SafeFileHandle notify, string path, uint mask);

    [LibraryImport(Library, EntryPoint = "inotify_rm_watch")]
    public static partial int RemoveWatch(SafeFileHandle notify, int watch);

    /// <summary>How many bytes of events were read; 0 or less when there are none now.</summary>
    public static unsafe int Read(SafeFileHandle notify, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Read(notify, start, (nuint)buffer.Length);
        }
    }

    [LibraryImport(Library, EntryPoint = "inotify_init1")]
    private static partial int Init(int flags);

    [LibraryImport(Library, EntryPoint = "read")]
    private static unsafe partial nint Read(SafeFileHandle file, byte* buffer, nuint length);
}
