using Isr.Audio.Detection;
using Microsoft.Data.Sqlite;

namespace Isr.Catalog;

/// <content>The recordings in the folder.</content>
internal sealed partial class CatalogDatabase
{
    private const string FileColumns =
        "name, ext, size, mtime, measured, seconds, sample_rate, channels, start, started, zone_minutes, date, source";

    private const int LongestDate = 19;

    /// <summary>Behind the columns of the file.</summary>
    private const int SectionsColumn = 13;

    /// <summary>Newest first, with what was found in them with these parameters.</summary>
    public List<CatalogFile> List(FileFilter filter, DetectionParameters? parameters = null)
    {
        var to = string.IsNullOrEmpty(filter.To) ? null : filter.To;
        return Read(connection =>
        {
            using var rows = connection.Query(
                $"""
                SELECT {FileColumns}, (
                    SELECT sections FROM analyses a WHERE a.name = files.name AND a.size = files.size AND a.mtime = files.mtime AND a.parameters = $6)
                FROM files
                WHERE ($0 IS NULL OR date >= $0) AND ($1 IS NULL OR substr(date, 1, $2) <= $1)
                    AND ($3 IS NULL OR instr(folded, $3) > 0) AND ($4 IS NULL OR source = $4)
                ORDER BY start DESC, name DESC LIMIT $5
                """,
                string.IsNullOrEmpty(filter.From) ? null : filter.From,
                to,
                Math.Min(to?.Length ?? 0, LongestDate),
                string.IsNullOrEmpty(filter.Q) ? null : Fold(filter.Q),
                string.IsNullOrEmpty(filter.Source) ? null : filter.Source,
                // Below 0 is no limit to SQLite.
                filter.Limit is { } limit ? Math.Max(0, limit) : -1,
                parameters is { } given ? TextOf(given) : null);
            var files = new List<CatalogFile>();
            while (rows.Read())
            {
                files.Add(FileOf(rows) with { Sections = rows.IsDBNull(SectionsColumn) ? null : rows.GetString(SectionsColumn) });
            }

            return files;
        });
    }

    public CatalogFile? FindFile(string name) => Read(connection => FindFile(connection, name));

    /// <summary>How many recordings are known, and their bytes.</summary>
    public (long Files, long Bytes) CountFiles() => Read(connection =>
    {
        using var rows = connection.Query("SELECT count(*), coalesce(sum(size), 0) FROM files");
        return rows.Read() ? (rows.GetInt64(0), rows.GetInt64(1)) : default;
    });

    /// <summary>What is known of every file, to compare a walk of the folder with.</summary>
    public Dictionary<string, (long Size, DateTime Mtime, bool IsMeasured)> KnownFiles() => Read(connection =>
    {
        var known = new Dictionary<string, (long, DateTime, bool)>(StringComparer.Ordinal);
        using var rows = connection.Query("SELECT name, size, mtime, measured FROM files");
        while (rows.Read())
        {
            known[rows.GetString(0)] = (rows.GetInt64(1), new DateTime(rows.GetInt64(2), DateTimeKind.Utc), rows.GetBoolean(3));
        }

        return known;
    });

    public void Save(IReadOnlyCollection<CatalogFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        Write(connection =>
        {
            foreach (var file in files)
            {
                connection.Execute(
                    $"""
                    INSERT OR REPLACE INTO files({FileColumns}, folded)
                    VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
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

        Write(connection =>
        {
            foreach (var name in names)
            {
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
        }
    }

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
    };

    private static DateTimeOffset LocalOf(long utcTicks, int zoneMinutes) =>
        new DateTimeOffset(utcTicks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(zoneMinutes));

    /// <summary>Equal for names that differ in case alone.</summary>
    private static string Fold(string text) => text.ToUpperInvariant();
}
