using Isr.Recording.Journal;

namespace Isr.Catalog;

/// <content>Alarms that were, and are.</content>
internal sealed partial class CatalogDatabase
{
    /// <summary>
    /// Alarms that went on at any time within a span of UTC ticks, the last to begin first; until is null for those whose end nobody has written down.
    /// </summary>
    /// <param name="from">Its begin.</param>
    /// <param name="to">Its end, which is not part of it.</param>
    /// <param name="most">No more than so many.</param>
    public List<(string Id, string Kind, string? Source, long Since, long? Until, string Sentence, string? Ending)> Alarms(long from, long to, int most) => Read(connection =>
    {
        var found = new List<(string, string, string?, long, long?, string, string?)>();
        using var rows = connection.Query(
            """
            SELECT id, kind, source, since, until, sentence, ending FROM alarms
            WHERE since < $1 AND (until IS NULL OR until >= $0) ORDER BY since DESC, id LIMIT $2
            """,
            from,
            to,
            most);
        while (rows.Read())
        {
            found.Add((
                rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetInt64(3), rows.IsDBNull(4) ? null : rows.GetInt64(4),
                rows.GetString(5), rows.IsDBNull(6) ? null : rows.GetString(6)));
        }

        return found;
    });

    /// <summary>The begin of one may be lost to a crash; then its end tells all.</summary>
    private static void TakeAlarm(CatalogConnection connection, AlarmEntry entry)
    {
        switch (entry)
        {
            case AlarmBegan began:
                connection.Execute(
                    "INSERT OR IGNORE INTO alarms(id, kind, source, since, sentence) VALUES ($0, $1, $2, $3, $4)",
                    began.Id, began.Kind, began.Source, began.Since.UtcTicks, began.Sentence);
                break;
            case AlarmEnded ended:
                connection.Execute(
                    """
                    INSERT INTO alarms(id, kind, source, since, until, sentence, ending) VALUES ($0, $1, $2, $3, $4, $5, $5)
                    ON CONFLICT(id) DO UPDATE SET until = $4, ending = $5
                    """,
                    ended.Id, ended.Kind, ended.Source, ended.Since.UtcTicks, ended.Until.UtcTicks, ended.Sentence);
                break;
        }
    }
}
