using Isr.Catalog.Coverage;

namespace Isr.Catalog;

/// <content>What coverage is computed from. Spans are half open.</content>
internal sealed partial class CatalogDatabase
{
    /// <summary>Per source: gaps, their seconds, and ends of connections, of all time.</summary>
    public IReadOnlyList<(string Source, long Gaps, double GapSeconds, long Disconnects)> JournalCounts() => Read(connection =>
    {
        var counts = new List<(string, long, double, long)>();
        using var rows = connection.Query(
            """
            SELECT source, sum(gaps), sum(ticks), sum(ends) FROM (
                SELECT source, count(*) AS gaps, sum(until - since) AS ticks, 0 AS ends FROM gaps GROUP BY source
                UNION ALL SELECT source, 0, 0, count(*) FROM disconnects GROUP BY source)
            GROUP BY source ORDER BY source
            """);
        while (rows.Read())
        {
            counts.Add((rows.GetString(0), rows.GetInt64(1), (double)rows.GetInt64(2) / TimeSpan.TicksPerSecond, rows.GetInt64(3)));
        }

        return counts;
    });

    /// <summary>No file is longer than a day; this much before a span its first file may begin.</summary>
    private static readonly TimeSpan s_longestFile = TimeSpan.FromDays(2);

    /// <summary>When which source was to be recorded, by name; null until is until now.</summary>
    public List<(string Source, long Since, long? Until)> Expectations() => Read(connection =>
    {
        var found = new List<(string, long, long?)>();
        using var rows = connection.Query("SELECT source, since, until FROM expectations ORDER BY source, since");
        while (rows.Read())
        {
            found.Add((rows.GetString(0), rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetInt64(2)));
        }

        return found;
    });

    /// <summary>When the program ran, in order.</summary>
    public List<ProgramRun> Runs() => Read(connection =>
    {
        var found = new List<ProgramRun>();
        using var rows = connection.Query("SELECT started, last_at, ended, how FROM runs ORDER BY started, id");
        while (rows.Read())
        {
            found.Add(new ProgramRun(rows.GetInt64(0), rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetInt64(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
        }

        return found;
    });

    /// <summary>Files of a source that may hold some of a span, in the order of their starts.</summary>
    public List<RecordedFile> Recorded(string source, Interval span) => Read(connection =>
    {
        var found = new List<RecordedFile>();
        using var rows = connection.Query(
            """
            SELECT r.file, r.start, r.sample_rate, r.samples, r.ended, r.moved_ticks, r.how, f.seconds
            FROM recordings r LEFT JOIN files f ON f.name = r.file
            WHERE r.source = $0 AND r.start >= $1 AND r.start < $2 ORDER BY r.start, r.id
            """,
            source,
            span.From - s_longestFile.Ticks,
            span.To);
        while (rows.Read())
        {
            found.Add(new RecordedFile(rows.GetString(0), rows.GetInt64(1), rows.GetInt32(2))
            {
                Samples = rows.IsDBNull(3) ? null : rows.GetInt64(3),
                End = rows.IsDBNull(4) ? null : rows.GetInt64(4),
                MovedTicks = rows.GetInt64(5),
                How = rows.IsDBNull(6) ? null : rows.GetString(6),
                FileSeconds = rows.IsDBNull(7) ? null : rows.GetDouble(7),
            });
        }

        return found;
    });

    public List<(string? File, Interval Span)> Stalls(string source, Interval span) => Read(connection =>
    {
        var found = new List<(string?, Interval)>();
        using var rows = connection.Query(
            "SELECT file, since, seconds FROM stalls WHERE source = $0 AND since >= $1 AND since < $2 ORDER BY since", source, span.From - s_longestFile.Ticks, span.To);
        while (rows.Read())
        {
            var since = rows.GetInt64(1);
            found.Add((rows.IsDBNull(0) ? null : rows.GetString(0), new Interval(since, since + (long)(rows.GetDouble(2) * TimeSpan.TicksPerSecond))));
        }

        return found;
    });

    /// <summary>Where connections met without a gap.</summary>
    public List<long> Healed(string source, Interval span) => Read(connection =>
    {
        var found = new List<long>();
        using var rows = connection.Query("SELECT at FROM healed WHERE source = $0 AND at >= $1 AND at <= $2 ORDER BY at", source, span.From, span.To);
        while (rows.Read())
        {
            found.Add(rows.GetInt64(0));
        }

        return found;
    });

    /// <summary>Gaps as the recorder wrote them down.</summary>
    public List<(Interval Span, GapReason Reason)> GapsOf(string source, Interval span) => Read(connection =>
    {
        var found = new List<(Interval, GapReason)>();
        using var rows = connection.Query(
            "SELECT since, until, cause, sentence FROM gaps WHERE source = $0 AND since < $1 AND until > $2 ORDER BY since", source, span.To, span.From);
        while (rows.Read())
        {
            found.Add((new Interval(rows.GetInt64(0), rows.GetInt64(1)), new GapReason(rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3))));
        }

        return found;
    });

    /// <summary>Ends of connections within a span, and the last one before it.</summary>
    public List<(long At, GapReason Reason)> Disconnects(string source, Interval span) => Read(connection =>
    {
        var found = new List<(long, GapReason)>();
        using var rows = connection.Query(
            """
            SELECT at, cause, sentence FROM disconnects WHERE source = $0 AND at <= $2
                AND at >= coalesce((SELECT max(at) FROM disconnects WHERE source = $0 AND at < $1), $1)
            ORDER BY at
            """,
            source,
            span.From,
            span.To);
        while (rows.Read())
        {
            found.Add((rows.GetInt64(0), new GapReason(rows.GetString(1), rows.GetString(2))));
        }

        return found;
    });
}
