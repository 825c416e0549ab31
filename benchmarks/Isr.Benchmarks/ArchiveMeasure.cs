using System.Diagnostics;
using System.Globalization;
using System.Text;
using Isr.Audio.Detection;
using Isr.Catalog;
using Isr.Naming;
using Isr.Recording.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Benchmarks;

/// <summary>
/// Lists of an archive of 50,000 recordings, an hour each, of ten sources, as `isr web` answers them: the time of a request over a
/// kept-alive connection on loopback, for the first one after the start and for many that follow.
/// </summary>
internal static class ArchiveMeasure
{
    private const int Recordings = 50_000;
    private const int Sources = 10;
    private const int Rate = 44_100;
    private const int Rounds = 200;
    private const int FileBytes = 64;

    private static readonly DateTimeOffset s_begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string program)
    {
        var directory = Directory.CreateTempSubdirectory("isr-archive-");
        try
        {
            var folder = Path.Combine(directory.FullName, "recordings");
            Write(folder);
            Fill(folder);
            Console.WriteLine($"| request | first, ms | median of {Rounds}, ms | 95 %, ms | bytes |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            foreach (var address in (string[])
                ["api/files?limit=100", "api/days", "api/files?from=2026-05-01&to=2026-05-01", "api/files?q=source3%2F20260501&limit=100", "api/days?source=source3", "api/files"])
            {
                await MeasureAsync(program, folder, address);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string NameOf(int index) => $"source{index % Sources}/{s_begin.AddHours(index / Sources):yyyyMMdd_HHmmss}.flac";

    private static void Write(string folder)
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
    private static void Fill(string folder)
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

    private static async Task MeasureAsync(string program, string folder, string address)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["web", "--dir", folder, "--port", "0"]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(folder) })!;
        try
        {
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync();
            }
            while (line?.Contains("http://", StringComparison.Ordinal) == false);

            _ = process.StandardOutput.ReadToEndAsync();
            using var client = new HttpClient { BaseAddress = new Uri(line![line!.IndexOf("http://", StringComparison.Ordinal)..]) };

            // A connection, so that it is not measured.
            await client.GetStringAsync("api/config");
            var began = Stopwatch.GetTimestamp();
            var bytes = (await client.GetByteArrayAsync(address)).Length;
            var first = Stopwatch.GetElapsedTime(began);

            // What runs after a start, the walk of the folder above all, is over when the list is whole.
            while ((await client.GetStringAsync("api/files?limit=1&q=" + Uri.EscapeDataString(NameOf(0)))).Length < 10)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
            var rounds = address.Contains('?', StringComparison.Ordinal) || address.EndsWith("days", StringComparison.Ordinal) ? Rounds : Rounds / 10;
            var times = new List<double>();
            for (var i = 0; i < rounds; i++)
            {
                began = Stopwatch.GetTimestamp();
                bytes = (await client.GetByteArrayAsync(address)).Length;
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            times.Sort();
            var row = new StringBuilder();
            row.Append(CultureInfo.InvariantCulture, $"| `/{address}` | {first.TotalMilliseconds:0.0} | {times[rounds / 2]:0.0} | {times[rounds * 95 / 100]:0.0} | {bytes:N0} |");
            Console.WriteLine(row);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
