namespace Isr.Catalog;

/// <summary>
/// The tables of catalog.db. A database knows by its user_version how many of the steps it has; the rest are done
/// when it is opened. Times are ticks of UTC (100 ns since the year 1).
/// </summary>
internal static class CatalogSchema
{
    public static int Version => s_steps.Length;

    private static readonly string[] s_steps =
    [
        // 1: what the list needs.
        """
        CREATE TABLE basis(text TEXT NOT NULL);
        CREATE TABLE files(
            name TEXT PRIMARY KEY, folded TEXT NOT NULL, ext TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
            measured INTEGER NOT NULL, seconds REAL, sample_rate INTEGER, channels INTEGER,
            start INTEGER NOT NULL, started INTEGER, zone_minutes INTEGER, date TEXT NOT NULL, source TEXT) WITHOUT ROWID;
        CREATE INDEX files_by_start ON files(start, name);
        CREATE TABLE days(name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE recordings(
            id INTEGER PRIMARY KEY, file TEXT NOT NULL, source TEXT NOT NULL, start INTEGER NOT NULL, zone_minutes INTEGER NOT NULL,
            sample_rate INTEGER NOT NULL, channels INTEGER NOT NULL, samples INTEGER, bytes INTEGER);
        CREATE INDEX recordings_by_file ON recordings(file, id);
        """,

        // 2: what coverage needs. The journal is read again from its beginning.
        """
        ALTER TABLE recordings ADD COLUMN moved_ticks INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE recordings ADD COLUMN ended INTEGER;
        ALTER TABLE recordings ADD COLUMN how TEXT;
        ALTER TABLE recordings ADD COLUMN mended INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX recordings_by_source ON recordings(source, start);
        CREATE TABLE runs(id INTEGER PRIMARY KEY, started INTEGER NOT NULL, clock TEXT, last_at INTEGER NOT NULL, ended INTEGER, how TEXT);
        CREATE TABLE expectations(source TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER);
        CREATE INDEX expectations_by_source ON expectations(source, since);
        CREATE TABLE gaps(source TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, cause TEXT NOT NULL, sentence TEXT);
        CREATE INDEX gaps_by_source ON gaps(source, since);
        CREATE TABLE healed(source TEXT NOT NULL, at INTEGER NOT NULL, seconds REAL NOT NULL, cause TEXT NOT NULL);
        CREATE INDEX healed_by_source ON healed(source, at);
        CREATE TABLE stalls(source TEXT NOT NULL, file TEXT, since INTEGER NOT NULL, seconds REAL NOT NULL);
        CREATE INDEX stalls_by_source ON stalls(source, since);
        CREATE TABLE disconnects(source TEXT NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL, sentence TEXT NOT NULL);
        CREATE INDEX disconnects_by_source ON disconnects(source, at);
        CREATE TABLE titles(source TEXT NOT NULL, sounds INTEGER NOT NULL, title TEXT NOT NULL);
        CREATE INDEX titles_by_source ON titles(source, sounds);
        DELETE FROM recordings;
        DELETE FROM days;
        """,

        // 3: what was found in recordings. Without sections, nothing could be decoded.
        """
        CREATE TABLE analyses(
            name TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, parameters TEXT NOT NULL, sections TEXT) WITHOUT ROWID;
        """,

        // 4: lists of a day.
        "CREATE INDEX files_by_date ON files(date);",

        // 5: which file it is, and how long: so it is known under another name. What has no source may have got one before.
        """
        ALTER TABLE files ADD COLUMN inode INTEGER;
        CREATE INDEX recordings_by_bytes ON recordings(bytes);
        UPDATE files SET measured = 0 WHERE source IS NULL;
        """,

        // 6: alarms. No journal before this step knows any.
        """
        CREATE TABLE alarms(
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, source TEXT, since INTEGER NOT NULL, until INTEGER, sentence TEXT NOT NULL, ending TEXT) WITHOUT ROWID;
        CREATE INDEX alarms_by_since ON alarms(since);
        """,
    ];

    /// <summary>What the journal fills.</summary>
    public static IReadOnlyList<string> JournalTables { get; } =
        ["days", "recordings", "runs", "expectations", "gaps", "healed", "stalls", "disconnects", "titles", "alarms"];

    /// <summary>The step from the version before to this one.</summary>
    public static string Step(int version) => s_steps[version - 1];
}
