using Isr.Recording.Journal;

namespace Isr.Catalog;

/// <content>What the journal tells.</content>
internal sealed partial class CatalogDatabase
{
    private const string LatestOf = "(SELECT max(id) FROM recordings WHERE file = $0)";
    private const string LatestRun = "(SELECT max(id) FROM runs)";

    /// <summary>How far each day file was read.</summary>
    public Dictionary<string, long> JournalPositions() => Read(connection =>
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        using var rows = connection.Query("SELECT name, position FROM days");
        while (rows.Read())
        {
            positions[rows.GetString(0)] = rows.GetInt64(1);
        }

        return positions;
    });

    /// <summary>Takes what was added to one day file; the files whose facts changed are added to <paramref name="touched"/>.</summary>
    public void TakeJournal(string day, long position, IReadOnlyList<JournalEntry> entries, ISet<string> touched)
    {
        var isWholeDay = true;
        Write(connection =>
        {
            using (var rows = connection.Query("SELECT 1 FROM days WHERE name = $0", day))
            {
                isWholeDay = !rows.Read();
            }

            long lastAt = 0;
            foreach (var entry in entries)
            {
                if (entry is ProgramStarted)
                {
                    Alive(connection, lastAt);
                }

                Take(connection, entry, touched);
                lastAt = entry is KeepingEntry ? lastAt : entry.At.UtcTicks;
            }

            Alive(connection, lastAt);
            connection.Execute("INSERT OR REPLACE INTO days(name, position) VALUES ($0, $1)", day, position);
        });
        if (isWholeDay || !entries.All(IsOfNow))
        {
            Interlocked.Increment(ref _pastChanges);
        }
    }

    public void ForgetJournal() => Write(static connection =>
    {
        foreach (var table in CatalogSchema.JournalTables)
        {
            connection.Execute($"DELETE FROM {table}");
        }
    });

    /// <summary>What the journal tells of a file; null when it does not know it.</summary>
    public JournalFacts? FindFacts(string name) => Read(connection =>
    {
        using var rows = connection.Query(
            "SELECT source, start, zone_minutes, sample_rate, channels, samples, bytes FROM recordings WHERE file = $0 ORDER BY id DESC LIMIT 1", name);
        return !rows.Read() ? null : new JournalFacts(rows.GetString(0), LocalOf(rows.GetInt64(1), rows.GetInt32(2)), rows.GetInt32(3), rows.GetInt32(4))
        {
            Samples = rows.IsDBNull(5) ? null : rows.GetInt64(5),
            Bytes = rows.IsDBNull(6) ? null : rows.GetInt64(6),
        };
    });

    /// <summary>Files and sources of recordings of that length whose file had the same name in another folder.</summary>
    public List<(string File, string Source)> FindNamesakes(string name, long bytes) => Read(connection =>
    {
        var found = new List<(string, string)>();
        using var rows = connection.Query(
            "SELECT file, source FROM recordings WHERE bytes = $0 AND substr('/' || file, -length($1)) = $1 AND file <> $2 AND file NOT LIKE '.trash/%' ORDER BY id",
            bytes, "/" + Path.GetFileName(name), name);
        while (rows.Read())
        {
            found.Add((rows.GetString(0), rows.GetString(1)));
        }

        return found;
    });

    /// <summary>What the journal tells of a file is of another one from now on: somebody gave it that name.</summary>
    public void Rename(string file, string to)
    {
        Write(connection => Rename(connection, file, to, new HashSet<string>(StringComparer.Ordinal)));
        Interlocked.Increment(ref _pastChanges);
    }

    private static void Take(CatalogConnection connection, JournalEntry entry, ISet<string> touched)
    {
        switch (entry)
        {
            case FileOpened opened:
                connection.Execute(
                    "INSERT INTO recordings(file, source, start, zone_minutes, sample_rate, channels) VALUES ($0, $1, $2, $3, $4, $5)",
                    opened.File, opened.Source, opened.Start.UtcTicks, (int)opened.Start.Offset.TotalMinutes, opened.SampleRate, opened.Channels);
                touched.Add(opened.File);
                break;
            case FileClosed closed:
                connection.Execute(
                    $"UPDATE recordings SET samples = $1, bytes = $2, ended = $3, how = $4 WHERE id = {LatestOf}",
                    closed.File, closed.Samples, closed.Bytes, closed.End.UtcTicks, closed.How);
                touched.Add(closed.File);
                break;
            case StartCorrected corrected:
                connection.Execute(
                    $"UPDATE recordings SET moved_ticks = moved_ticks + $1 - start, start = $1, zone_minutes = $2 WHERE id = {LatestOf}",
                    corrected.File, corrected.Start.UtcTicks, (int)corrected.Start.Offset.TotalMinutes);
                touched.Add(corrected.File);
                break;
            case FileMoved moved:
                Rename(connection, moved.File, moved.To, touched);
                break;
            case FileMended mended:
                connection.Execute($"UPDATE recordings SET mended = 1 WHERE id = {LatestOf}", mended.File);
                touched.Add(mended.File);
                break;
            case FileDeleted deleted:
                Rename(connection, deleted.File, TrashNameOf(deleted.Item), touched);
                break;
            case FileRestored restored:
                Rename(connection, TrashNameOf(restored.Item), restored.To, touched);
                break;
            case FilePurged { Item: null } purged:
                // What is recorded later may have its name.
                Rename(connection, purged.File, TrashNameOf($"{purged.At.UtcTicks}"), touched);
                break;
            case GapFound { Seconds: > 0 } gap:
                connection.Execute(
                    "INSERT INTO gaps(source, since, until, cause, sentence) VALUES ($0, $1, $2, $3, $4)",
                    gap.Source, gap.From.UtcTicks, gap.To.UtcTicks, gap.Cause, gap.Sentence);
                break;
            case GapHealed healed:
                connection.Execute(
                    "INSERT INTO healed(source, at, seconds, cause) VALUES ($0, $1, $2, $3)", healed.Source, healed.Time.UtcTicks, healed.Seconds, healed.Cause);
                break;
            case StallFound stall:
                connection.Execute(
                    "INSERT INTO stalls(source, file, since, seconds) VALUES ($0, $1, $2, $3)", stall.Source, stall.File, stall.From.UtcTicks, stall.Seconds);
                break;
            case TitleHeard title:
                connection.Execute("INSERT INTO titles(source, sounds, title) VALUES ($0, $1, $2)", title.Source, title.Sounds.UtcTicks, title.Title);
                break;
            case SourceDisconnected disconnected:
                connection.Execute(
                    "INSERT INTO disconnects(source, at, cause, sentence) VALUES ($0, $1, $2, $3)",
                    disconnected.Source, disconnected.At.UtcTicks, disconnected.Cause, disconnected.Sentence);
                break;
            case AlarmEntry alarm:
                TakeAlarm(connection, alarm);
                break;
            default:
                TakeRun(connection, entry);
                break;
        }
    }

    /// <summary>Keeps apart what was recorded under a name that may come again. Others never list it: it is hidden.</summary>
    private static string TrashNameOf(string item) => $".trash/{item}";

    private static void Rename(CatalogConnection connection, string file, string to, ISet<string> touched)
    {
        connection.Execute("UPDATE recordings SET file = $1 WHERE file = $0", file, to);
        connection.Execute("UPDATE stalls SET file = $1 WHERE file = $0", file, to);
        touched.Add(file);
        touched.Add(to);
    }

    /// <summary>When the program ran, and what it was to record.</summary>
    private static void TakeRun(CatalogConnection connection, JournalEntry entry)
    {
        var at = entry.At.UtcTicks;
        switch (entry)
        {
            case ProgramStarted started:
                connection.Execute("INSERT INTO runs(started, clock, last_at) VALUES ($0, $1, $0)", at, started.Clock);
                break;
            case ProgramStopped:
                connection.Execute($"UPDATE runs SET ended = $0, how = $1 WHERE id = {LatestRun}", at, GapCause.Stopped);
                break;
            case ProgramKilled killed:
                connection.Execute(
                    "UPDATE runs SET ended = $0, how = $1 WHERE id = (SELECT max(id) FROM runs WHERE started <= $0 AND ended IS NULL)",
                    killed.LastAlive.UtcTicks, GapCause.Killed);
                break;
            case SourceConfigured configured:
                connection.Execute(
                    "INSERT INTO expectations(source, since) SELECT $0, $1 WHERE NOT EXISTS (SELECT 1 FROM expectations WHERE source = $0 AND until IS NULL)",
                    configured.Source, at);
                break;
            case SourceRemoved removed:
                connection.Execute(
                    "UPDATE expectations SET until = max(since, $1) WHERE source = $0 AND until IS NULL", removed.Source, removed.Since.UtcTicks);
                break;
            case ClockStepped stepped:
                // A computer without a battery clock starts somewhere in the past: what this run wrote down until now was as wrong.
                var by = (long)(stepped.Seconds * TimeSpan.TicksPerSecond);
                connection.Execute(
                    $"""
                    UPDATE expectations SET since = since + $0 WHERE until IS NULL AND since <= $1 - $0
                        AND since >= (SELECT started FROM runs WHERE id = {LatestRun} AND clock = 'unsynchronised')
                    """,
                    by, at);
                connection.Execute($"UPDATE runs SET started = started + $0 WHERE id = {LatestRun} AND clock = 'unsynchronised'", by);
                break;
        }
    }

    /// <summary>The run of now has shown itself.</summary>
    private static void Alive(CatalogConnection connection, long at) =>
        connection.Execute($"UPDATE runs SET last_at = max(last_at, $0) WHERE id = {LatestRun}", at);
}
