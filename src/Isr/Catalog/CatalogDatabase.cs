using Isr.Catalog.Interop;
using Microsoft.Data.Sqlite;

namespace Isr.Catalog;

/// <summary>
/// The index over files and journal: the one class that speaks SQL. It is opened when it is first used. What goes
/// wrong with its file costs the file, never an answer: a damaged one is made anew, and where none can be written
/// the index is kept in memory. <see cref="Epoch"/> then tells that it is empty and must be filled.
/// </summary>
/// <param name="path">catalog.db; null keeps it in memory.</param>
/// <param name="copyOf">A database that another process writes, whose content one in memory begins with.</param>
/// <param name="logger">Told what is wrong with the file.</param>
internal sealed partial class CatalogDatabase(string? path, string? copyOf, ILogger<CatalogDatabase> logger) : IDisposable
{
    public const string FileName = "catalog.db";

    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int MaxRebuilds = 3;

    /// <summary>A file that is locked for longer cannot be written.</summary>
    private const int BusySeconds = 5;

    private readonly Lock _opening = new();
    private Store? _store;
    private int _epoch;
    private int _rebuilds;
    private bool _isDisposed;

    /// <summary>Changes whenever the content was lost.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    public bool IsInMemory => Opened().IsInMemory;

    /// <summary>Looks whether the file is still there; it may be deleted at any time.</summary>
    public void Check()
    {
        var store = Opened();
        if (store.IsInMemory || File.Exists(path))
        {
            return;
        }

        lock (_opening)
        {
            if (_store == store && !_isDisposed)
            {
                LogDeleted(path!);
                store.Dispose();

                // With its folder gone, a disk may be gone, and its mount point is no place for it.
                _store = Directory.Exists(Path.GetDirectoryName(path)) ? Open() : OpenInMemory();
                Interlocked.Increment(ref _epoch);
            }
        }
    }

    public void Dispose()
    {
        lock (_opening)
        {
            _isDisposed = true;
            _store?.Dispose();
            _store = null;
        }
    }

    /// <summary>All or nothing. What the file does not take is lost, and <see cref="Epoch"/> tells.</summary>
    private void Write(Action<CatalogConnection> action)
    {
        var store = Opened();
        try
        {
            lock (store.WriteGate)
            {
                if (store.IsDisposed)
                {
                    // Replaced a moment ago by an empty one, which is filled anew.
                    return;
                }

                store.Writer.Execute("BEGIN IMMEDIATE");
                try
                {
                    action(store.Writer);
                    store.Writer.Execute("COMMIT");
                }
                catch
                {
                    store.Writer.TryExecute("ROLLBACK");
                    throw;
                }
            }
        }
        catch (SqliteException e) when (!store.IsInMemory)
        {
            Replace(store, e);
        }
    }

    private T Read<T>(Func<CatalogConnection, T> query)
    {
        while (true)
        {
            var store = Opened();
            try
            {
                lock (store.ReadGate)
                {
                    if (!store.IsDisposed)
                    {
                        return query(store.Reader);
                    }
                }
            }
            catch (SqliteException e) when (!store.IsInMemory)
            {
                Replace(store, e);
            }
        }
    }

    private Store Opened()
    {
        if (Volatile.Read(ref _store) is { } store)
        {
            return store;
        }

        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _store ??= Open();
        }
    }

    private void Replace(Store failed, SqliteException reason)
    {
        lock (_opening)
        {
            if (_store != failed)
            {
                // Another thread came upon it first.
                return;
            }

            failed.Dispose();
            if (IsDamage(reason) && _rebuilds++ < MaxRebuilds)
            {
                LogDamaged(path!, reason.Message);
                Delete(path!);
                _store = Open();
            }
            else
            {
                LogNotWritable(path!, reason.Message);
                _store = OpenInMemory();
            }

            Interlocked.Increment(ref _epoch);
        }
    }

    private Store Open()
    {
        if (!SystemSqlite.IsThere)
        {
            throw new InvalidOperationException(SystemSqlite.Sentence);
        }

        if (path is null)
        {
            return OpenInMemory();
        }

        while (true)
        {
            try
            {
                return OpenFile(path);
            }
            catch (SqliteException e) when (IsDamage(e) && _rebuilds++ < MaxRebuilds)
            {
                LogDamaged(path, e.Message);
                if (!Delete(path))
                {
                    return OpenInMemory();
                }
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                LogNotWritable(path, e.Message);
                return OpenInMemory();
            }
        }
    }

    private Store OpenFile(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var writer = Connect(file, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (VersionOf(writer) > CatalogSchema.Version)
            {
                LogNewer(file);
                writer.Dispose();
                Delete(file);
                writer = Connect(file, SqliteOpenMode.ReadWriteCreate);
            }

            // Readers go on while one writes; what a power failure costs is found by the next scan.
            writer.Execute("PRAGMA journal_mode = WAL");
            writer.Execute("PRAGMA synchronous = NORMAL");
            Migrate(writer);
            var reader = Connect(file, SqliteOpenMode.ReadOnly);
            return new Store(writer, reader);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private Store OpenInMemory()
    {
        var connection = Connect(":memory:", SqliteOpenMode.Memory);
        if (copyOf is not null && File.Exists(copyOf))
        {
            try
            {
                using var other = Connect(copyOf, SqliteOpenMode.ReadOnly);
                if (VersionOf(other) <= CatalogSchema.Version)
                {
                    other.Connection.BackupDatabase(connection.Connection);
                }
            }
            catch (SqliteException)
            {
                // Damaged, or not ours to read: begun from nothing.
                connection.Dispose();
                connection = Connect(":memory:", SqliteOpenMode.Memory);
            }
        }

        Migrate(connection);
        return new Store(connection, connection);
    }

    private static CatalogConnection Connect(string file, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds }.ConnectionString;
        var connection = new SqliteConnection(text);
        try
        {
            connection.Open();
            return new CatalogConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Migrate(CatalogConnection connection)
    {
        for (var version = VersionOf(connection) + 1; version <= CatalogSchema.Version; version++)
        {
            connection.Run($"BEGIN IMMEDIATE; {CatalogSchema.Step(version)} PRAGMA user_version = {version}; COMMIT;");
        }
    }

    private static int VersionOf(CatalogConnection connection)
    {
        using var reader = connection.Query("PRAGMA user_version");
        return reader.Read() ? reader.GetInt32(0) : 0;
    }

    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase;

    private static bool Delete(string file)
    {
        try
        {
            File.Delete(file);
            File.Delete(file + "-wal");
            File.Delete(file + "-shm");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is damaged ({Reason}); it is only an index, and is made anew from the files and the journal")]
    private partial void LogDamaged(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was deleted; it is only an index, and is made anew from the files and the journal")]
    private partial void LogDeleted(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is of a later version of isr; it is only an index, and is made anew from the files and the journal")]
    private partial void LogNewer(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be written ({Reason}); the index is kept in memory until isr is started again")]
    private partial void LogNotWritable(string path, string reason);

    /// <summary>One writer and one reader; in memory they are one.</summary>
    private sealed class Store(CatalogConnection writer, CatalogConnection reader) : IDisposable
    {
        public CatalogConnection Writer => writer;

        public CatalogConnection Reader => reader;

        public bool IsInMemory => writer == reader;

        /// <summary>To be asked with one of the gates held.</summary>
        public bool IsDisposed { get; private set; }

        public Lock WriteGate { get; } = new();

        public Lock ReadGate => IsInMemory ? WriteGate : OwnReadGate;

        private Lock OwnReadGate { get; } = new();

        public void Dispose()
        {
            lock (WriteGate)
            {
                lock (OwnReadGate)
                {
                    IsDisposed = true;
                    reader.Dispose();
                    writer.Dispose();
                }
            }
        }
    }
}
