using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Isr.Benchmarks;

/// <summary>
/// Lists of an archive of 50,000 recordings, an hour each, of ten sources, as `isr web` answers them: the time of a request over a
/// kept-alive connection on loopback, for the first one after the start and for many that follow.
/// </summary>
internal static class ArchiveMeasure
{
    private const int Rounds = 200;

    public static async Task RunAsync(string program)
    {
        var directory = Directory.CreateTempSubdirectory("isr-archive-");
        try
        {
            var folder = Path.Combine(directory.FullName, "recordings");
            LargeArchive.Write(folder);
            Console.WriteLine("# An archive of 50,000 recordings\n");
            Console.WriteLine($"`./bench.sh archive`: ten sources, an hour a file; `isr web`, one kept-alive connection; first: the first request after the start, which also copies the index. {Environment.ProcessorCount} cores, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}.\n");
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
            while ((await client.GetStringAsync("api/files?limit=1&q=" + Uri.EscapeDataString(LargeArchive.NameOf(0)))).Length < 10)
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
