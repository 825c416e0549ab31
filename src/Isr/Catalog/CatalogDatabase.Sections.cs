using Isr.Catalog.Coverage;
using Isr.Catalog.Sections;

namespace Isr.Catalog;

/// <content>What sections of a span are found in.</content>
internal sealed partial class CatalogDatabase
{
    /// <summary>All sources of which anything was ever recorded, by name.</summary>
    public List<string> RecordedSources() => Read(connection =>
    {
        var found = new List<string>();
        while (true)
        {
            // From one to the next, not through all their files.
            using var rows = connection.Query("SELECT min(source) FROM recordings WHERE source > $0", found.Count == 0 ? "" : found[^1]);
            if (!rows.Read() || rows.IsDBNull(0))
            {
                return found;
            }

            found.Add(rows.GetString(0));
        }
    });

    /// <summary>Files of a source that begin within a span, in the order of their starts; of the empty name those that belong to no source.</summary>
    public List<SourceFile> SourceFiles(string source, Interval starts) => Read(connection =>
    {
        var found = new List<SourceFile>();
        using var rows = connection.Query(
            source.Length == 0
                ? """
                SELECT name, start, coalesce(sample_rate, 0), NULL, NULL, 0, NULL, seconds, coalesce(zone_minutes, 0), size, mtime
                FROM files WHERE source IS NULL AND $0 = '' AND start >= $1 AND start < $2 ORDER BY start, name
                """
                : """
                SELECT r.file, r.start, r.sample_rate, r.samples, r.ended, r.moved_ticks, r.how, f.seconds, r.zone_minutes, f.size, f.mtime
                FROM recordings r LEFT JOIN files f ON f.name = r.file
                WHERE r.source = $0 AND r.start >= $1 AND r.start < $2 ORDER BY r.start, r.id
                """,
            source,
            starts.From,
            starts.To);
        while (rows.Read())
        {
            var recorded = new RecordedFile(rows.GetString(0), rows.GetInt64(1), rows.GetInt32(2))
            {
                Samples = rows.IsDBNull(3) ? null : rows.GetInt64(3),
                End = rows.IsDBNull(4) ? null : rows.GetInt64(4),
                MovedTicks = rows.GetInt64(5),
                How = rows.IsDBNull(6) ? null : rows.GetString(6),
                FileSeconds = rows.IsDBNull(7) ? null : rows.GetDouble(7),
            };
            found.Add(new SourceFile(
                recorded, rows.GetInt32(8), rows.IsDBNull(9) ? null : rows.GetInt64(9), rows.IsDBNull(10) ? default : new DateTime(rows.GetInt64(10), DateTimeKind.Utc)));
        }

        return found;
    });
}
