using Isr.Audio.Detection;
using Isr.Catalog.Days;
using Isr.Recording.Journal;

namespace Isr.Catalog;

/// <content>What there is of each day.</content>
internal sealed partial class CatalogDatabase
{
    /// <summary>Of files and of what was found in them.</summary>
    public ChangedDays ChangedDays { get; } = new();

    /// <summary>Changes when the journal tells of more than the last two days: then coverage of all days may be another.</summary>
    public int PastChanges => Volatile.Read(ref _pastChanges);

    private int _pastChanges;

    /// <summary>Days with recordings: local date, recordings, their seconds, bytes, and the sections found in them with these parameters.</summary>
    public List<(DateOnly Day, int Recordings, double Seconds, long Bytes, long Sections)> Days(FileFilter filter, DetectionParameters parameters) => Read(connection =>
    {
        var found = new List<(DateOnly, int, double, long, long)>();
        using var rows = connection.Query(
            $"""
            SELECT substr(files.date, 1, 10) AS day, count(*), total(files.seconds), sum(files.size), coalesce(sum(json_array_length(a.sections)), 0)
            FROM files LEFT JOIN analyses a ON a.name = files.name AND a.size = files.size AND a.mtime = files.mtime AND a.parameters = $4
            WHERE {WhereOf(filter)}
            GROUP BY day
            """,
            [.. ValuesOf(filter), TextOf(parameters)]);
        while (rows.Read())
        {
            if (DateOnly.TryParseExact(rows.GetString(0), "yyyy-MM-dd", out var day))
            {
                found.Add((day, rows.GetInt32(1), rows.GetDouble(2), rows.GetInt64(3), rows.GetInt64(4)));
            }
        }

        return found;
    });

    /// <summary>Changes files, or what was found in them. Days are noted only when that is done: whoever asks before sees what was.</summary>
    private void WriteFiles(Action<CatalogConnection, ISet<string>> action)
    {
        var dates = new HashSet<string>(StringComparer.Ordinal);
        Write(connection => action(connection, dates));
        foreach (var date in dates)
        {
            ChangedDays.Add(date);
        }
    }

    private static void AddDateOf(CatalogConnection connection, string name, ISet<string> dates)
    {
        using var rows = connection.Query("SELECT date FROM files WHERE name = $0", name);
        if (rows.Read())
        {
            dates.Add(rows.GetString(0));
        }
    }

    /// <summary>What it tells is of the day on which it was written down, or of the day before.</summary>
    private static bool IsOfNow(JournalEntry entry) => entry switch
    {
        FileOpened or FileClosed or FileSealed or SourceConnected or SourceDisconnected or GapHealed or StallFound or TitleHeard or KeepingEntry or AlarmEntry => true,
        GapFound gap => entry.At - gap.From < TimeSpan.FromDays(1),
        _ => false,
    };
}
