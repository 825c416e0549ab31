using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Audio.Levels;
using Isr.Catalog;
using Isr.Naming;
using Isr.Recording.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Benchmarks;

/// <summary>A folder of 50,000 recordings, an hour each, of ten sources, with the journal and index that a recorder would have left. The files hold next to nothing.</summary>
internal static class LargeArchive
{
    private const int Recordings = 50_000;
    private const int Sources = 10;
    private const int Rate = 44_100;
    private const int FileBytes = 64;

    private static readonly DateTimeOffset s_begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string NameOf(int index) => $"source{index % Sources}/{s_begin.AddHours(index / Sources):yyyyMMdd_HHmmss}.flac";

    public static void Write(string folder)
    {
        WriteFiles(folder);
        WriteIndex(folder);
    }

    private static void WriteFiles(string folder)
    {
        var journal = Directory.CreateDirectory(JournalReader.DirectoryOf(Path.Combine(folder, ".isr"))).FullName;
        var sound = new byte[FileBytes];
        foreach (var day in Enumerable.Range(0, Recordings).GroupBy(i => s_begin.AddHours(i / Sources).Date))
        {
            using var lines = new FileStream(Path.Combine(journal, $"{day.Key:yyyy-MM-dd}.jsonl"), FileMode.Create);
            if (day.Key == s_begin.Date)
            {
                lines.Write(JournalLine.Format(new ProgramStarted("0", 1, "UTC", "synchronised") { At = s_begin }));
                foreach (var source in Enumerable.Range(0, Sources))
                {
                    lines.Write(JournalLine.Format(new SourceConfigured($"source{source}", "stream", []) { At = s_begin }));
                }
            }

            foreach (var i in day)
            {
                var start = s_begin.AddHours(i / Sources);
                Directory.CreateDirectory(Path.Combine(folder, $"source{i % Sources}"));
                File.WriteAllBytes(Path.Combine(folder, NameOf(i)), sound);
                lines.Write(JournalLine.Format(new FileOpened($"source{i % Sources}", NameOf(i), start, "Flac", Rate, 2, null) { At = start }));
                lines.Write(JournalLine.Format(new FileClosed($"source{i % Sources}", NameOf(i), start.AddHours(1), 3600L * Rate, FileBytes, "split") { At = start.AddHours(1) }));
            }
        }
    }

    /// <summary>The index as a recorder would have left it.</summary>
    private static void WriteIndex(string folder)
    {
        var options = new CatalogOptions(folder, Path.Combine(folder, ".isr"), [FileNamePattern.Default]) { OwnsState = true };
        using var database = new CatalogDatabase(options.DatabasePath, null, NullLogger<CatalogDatabase>.Instance);
        var updater = new CatalogUpdater(
            options, database, new JournalIndex(options.StateDirectory, database), new ActiveFiles(folder, TimeProvider.System), TimeProvider.System, NullLogger<CatalogUpdater>.Instance);
        updater.Update();
        foreach (var (name, size, mtime) in database.Unanalysed(DetectionParameters.Default))
        {
            database.SaveAnalysis(name, size, mtime, DetectionParameters.Default, """[{"start":12.3,"end":14.5,"score":23.1},{"start":1200.1,"end":1203.4,"score":17.9},{"start":3001.0,"end":3002.2,"score":31.4}]""");
        }
    }

    /// <summary>Levels of all recordings of a day: quiet noise, and a louder second every few minutes.</summary>
    public static void WriteLevels(string folder, DateOnly day)
    {
        const int Windows = 36_000;
        var options = new AnalysisOptions(folder, Path.Combine(folder, ".isr", "levels"));
        var store = new LevelStore(options);
        var random = new Random(1);
        for (var i = 0; i < Recordings; i++)
        {
            if (DateOnly.FromDateTime(s_begin.AddHours(i / Sources).DateTime) != day)
            {
                continue;
            }

            var rms = new uint[Windows];
            var loud = 0;
            for (var window = 0; window < Windows; window++)
            {
                loud = loud > 0 ? loud - 1 : random.Next(4000) == 0 ? random.Next(5, 40) : 0;
                rms[window] = (uint)(random.Next(150, 250) * (loud > 0 ? 20 : 1));
            }

            var peaks = Array.ConvertAll(rms, r => (ushort)Math.Min(32_767, r));
            var file = new FileInfo(Path.Combine(folder, NameOf(i)));
            store.Write(NameOf(i), file.Length, file.LastWriteTimeUtc, new RecordingLevels
            {
                SampleRate = Rate,
                Channels = 1,
                WindowSamples = RecordingLevels.WindowOf(Rate),
                Samples = (long)Windows * RecordingLevels.WindowOf(Rate),
                Rms = rms,
                Minimum = Array.ConvertAll(peaks, p => (short)-p),
                Maximum = Array.ConvertAll(peaks, p => (short)p),
                Peaks = [peaks],
                Clipped = new ushort[Windows],
            });
        }
    }
}
