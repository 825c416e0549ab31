using System.Runtime.InteropServices;
using SQLitePCL;

namespace Isr.Catalog.Interop;

/// <summary>Has the SQLite binding use the system's library, which its distribution keeps up to date.</summary>
internal static class SystemSqlite
{
    private const string BindingName = "e_sqlite3";
    private const string LibraryName = "libsqlite3.so.0";

    private static readonly Lazy<bool> s_isThere = new(Load);

    /// <summary>To be asked before the first connection; false when the library is not installed.</summary>
    public static bool IsThere => s_isThere.Value;

    public static string Sentence => $"{LibraryName} is not installed (package libsqlite3-0 or sqlite-libs): the page needs it to list recordings. `isr record` works without.";

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad(LibraryName, out var library))
        {
            return false;
        }

        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == BindingName ? library : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return true;
    }
}
