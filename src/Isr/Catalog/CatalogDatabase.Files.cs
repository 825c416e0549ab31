using Isr.Audio.Detection;
using Microsoft.Data.Sqlite;

namespace Isr.Catalog;

/// <content>The recordings in the folder.</content>
internal sealed partial class CatalogDatabase
{
    private const string FileColumns =
        "name, ext, size, mtime, measured, seconds, sample_rate, channels, start, started, zone_minutes, date, source, inode";

    /// <summary>Behind the columns of the file.</summary>
    private const int SectionsColumn = 14;

    /// <summary>Newest first, with what was found in them with these parameters.</summary>
    public List<CatalogFile> List(FileFilter filter, DetectionParameters? parameters = null) => Read(connection =>
    {
        // What is not asked for is not in the statement, so that the indexes for what is can be used.
        var after = filter.After is null ? "" : "AND (start, name) < ($6, $7)";
        using var rows = connection.Query(
            $"""
            SELECT {FileColumns}, (
                SELECT sections FROM analyses a WHERE a.name = files.name AND a.size = files.size AND a.mtime = files.mtime AND a.parameters = $5)
            FROM files WHERE {WhereOf(filter)} {after}
            ORDER BY start DESC, name DESC LIMIT $4
            """,
            [
                .. ValuesOf(filter),
                // Below 0 is no limit to SQLite.
                filter.Limit is { } limit ? Math.Max(0, limit) : -1,
                parameters is { } given ? TextOf(given) : null,
                .. filter.After is { } cursor ? new object?[] { cursor.Start, cursor.Name } : [],
            ]);
        var files = new List<CatalogFile>();
        while (rows.Read())
        {
            files.Add(FileOf(rows) with { Sections = rows.IsDBNull(SectionsColumn) ? null : rows.GetString(SectionsColumn) });
        }

        return files;
    });

    public CatalogFile? FindFile(string name) => Read(connection => FindFile(connection, name));

    /// <summary>How many recordings are known, and their bytes.</summary>
    public (long Files, long Bytes) CountFiles() => Read(connection =>
    {
        using var rows = connection.Query("SELECT count(*), coalesce(sum(size), 0) FROM files");
        return rows.Read() ? (rows.GetInt64(0), rows.GetInt64(1)) : default;
    });

    /// <summary>What is known of every file, to compare a walk of the folder with.</summary>
    public Dictionary<string, (FileTrace Trace, bool IsMeasured)> KnownFiles() => Read(connection =>
    {
        var known = new Dictionary<string, (FileTrace, bool)>(StringComparer.Ordinal);
        using var rows = connection.Query("SELECT name, size, mtime, measured, inode FROM files");
        while (rows.Read())
        {
            known[rows.GetString(0)] = (
                new FileTrace(rows.IsDBNull(4) ? null : rows.GetInt64(4), rows.GetInt64(1), new DateTime(rows.GetInt64(2), DateTimeKind.Utc)), rows.GetBoolean(3));
        }

        return known;
    });

    public void Save(IReadOnlyCollection<CatalogFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        WriteFiles((connection, dates) =>
        {
            foreach (var file in files)
            {
                // The day that it was listed under may be another.
                AddDateOf(connection, file.Name, dates);
                dates.Add(file.Date);
                connection.Execute(
                    $"""
                    INSERT OR REPLACE INTO files({FileColumns}, folded)
                    VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                    """,
                    file.Name,
                    file.Ext,
                    file.Size,
                    file.Mtime.Ticks,
                    file.IsMeasured,
                    file.Duration.Seconds,
                    file.Duration.SampleRate,
                    file.Duration.Channels,
                    file.Start.UtcTicks,
                    file.Started?.UtcTicks,
                    file.Started is { } started ? (int)started.Offset.TotalMinutes : null,
                    file.Date,
                    file.Source,
                    file.Inode,
                    Fold(file.Name));
            }
        });
        Interlocked.Increment(ref _fileChanges);
    }

    public void Remove(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        WriteFiles((connection, dates) =>
        {
            foreach (var name in names)
            {
                AddDateOf(connection, name, dates);
                connection.Execute("DELETE FROM files WHERE name = $0", name);
                connection.Execute("DELETE FROM analyses WHERE name = $0", name);
            }
        });
        Interlocked.Increment(ref _fileChanges);
    }

    /// <summary>Forgets all files when they were described on another basis: another folder, zone or pattern.</summary>
    public void RestOn(string basis)
    {
        var before = Read(connection =>
        {
            using var rows = connection.Query("SELECT text FROM basis");
            return rows.Read() ? rows.GetString(0) : null;
        });
        if (before != basis)
        {
            Write(connection =>
            {
                connection.Execute("DELETE FROM files");
                connection.Execute("DELETE FROM basis");
                connection.Execute("INSERT INTO basis(text) VALUES ($0)", basis);
            });
            ChangedDays.AddAll();
        }
    }

    /// <summary>A condition on files whose values are those of <see cref="ValuesOf"/>, $0 to $3; those that it does not name are passed over.</summary>
    private static string WhereOf(in FileFilter filter) => string.Join(" AND ", new[]
    {
        "TRUE",
        string.IsNullOrEmpty(filter.From) ? null : "date >= $0",
        string.IsNullOrEmpty(filter.To) ? null : "date <= $1",
        string.IsNullOrEmpty(filter.Q) ? null : "instr(folded, $2) > 0",
        string.IsNullOrEmpty(filter.Source) ? null : "source = $3",
    }.Where(part => part is not null));

    private static object?[] ValuesOf(in FileFilter filter) =>
    [
        filter.From,

        // Behind every time that begins with it: the tilde follows on all that a date is written with.
        filter.To is { } to ? to + "~" : null,
        filter.Q is { } q ? Fold(q) : null,
        filter.Source,
    ];

    private static CatalogFile? FindFile(CatalogConnection connection, string name)
    {
        using var rows = connection.Query($"SELECT {FileColumns} FROM files WHERE name = $0", name);
        return rows.Read() ? FileOf(rows) : null;
    }

    private static CatalogFile FileOf(SqliteDataReader row) => new()
    {
        Name = row.GetString(0),
        Ext = row.GetString(1),
        Size = row.GetInt64(2),
        Mtime = new DateTime(row.GetInt64(3), DateTimeKind.Utc),
        IsMeasured = row.GetBoolean(4),
        Duration = new FileDuration(
            row.IsDBNull(5) ? null : row.GetDouble(5), row.IsDBNull(6) ? null : row.GetInt32(6), row.IsDBNull(7) ? null : row.GetInt32(7)),
        Start = new DateTimeOffset(row.GetInt64(8), TimeSpan.Zero),
        Started = row.IsDBNull(9) ? null : LocalOf(row.GetInt64(9), row.GetInt32(10)),
        Date = row.GetString(11),
        Source = row.IsDBNull(12) ? null : row.GetString(12),
        Inode = row.IsDBNull(13) ? null : row.GetInt64(13),
    };

    private static DateTimeOffset LocalOf(long utcTicks, int zoneMinutes) =>
        new DateTimeOffset(utcTicks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(zoneMinutes));

    /// <summary>Equal for names that differ in case alone.</summary>
    private static string Fold(string text) => text.ToUpperInvariant();
}
