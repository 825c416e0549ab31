using System.Globalization;
using Isr.Audio.Detection;

namespace Isr.Catalog;

/// <content>What was found in recordings, with the server's own parameters.</content>
internal sealed partial class CatalogDatabase
{
    private int _fileChanges;

    /// <summary>Changes with every file that is added, changed or removed.</summary>
    public int FileChanges => Volatile.Read(ref _fileChanges);

    /// <summary>Recordings, as they are now, in which nothing was looked for with these parameters: the newest first.</summary>
    public List<(string Name, long Size, DateTime Mtime)> Unanalysed(DetectionParameters parameters) => Read(connection =>
    {
        var found = new List<(string, long, DateTime)>();
        using var rows = connection.Query(
            """
            SELECT f.name, f.size, f.mtime FROM files f
            WHERE NOT EXISTS (SELECT 1 FROM analyses a WHERE a.name = f.name AND a.size = f.size AND a.mtime = f.mtime AND a.parameters = $0)
            ORDER BY f.start DESC
            """,
            TextOf(parameters));
        while (rows.Read())
        {
            found.Add((rows.GetString(0), rows.GetInt64(1), new DateTime(rows.GetInt64(2), DateTimeKind.Utc)));
        }

        return found;
    });

    /// <summary>Keeps what was found; null where nothing could be decoded.</summary>
    public void SaveAnalysis(string name, long size, DateTime mtime, DetectionParameters parameters, string? sections) => WriteFiles((connection, dates) =>
    {
        connection.Execute(
            "INSERT OR REPLACE INTO analyses(name, size, mtime, parameters, sections) VALUES ($0, $1, $2, $3, $4)", name, size, mtime.Ticks, TextOf(parameters), sections);
        AddDateOf(connection, name, dates);
    });

    /// <summary>What could not be decoded is to be tried again: a decoder may have been installed since.</summary>
    public void ForgetFailedAnalyses() => Write(connection => connection.Execute("DELETE FROM analyses WHERE sections IS NULL"));

    private static string TextOf(DetectionParameters parameters) =>
        string.Create(CultureInfo.InvariantCulture, $"{parameters.Margin} {parameters.MinGap} {parameters.MinDuration}");
}
