using BenchmarkDotNet.Attributes;
using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Catalog;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Isr.Benchmarks;

/// <summary>Sections and levels of 30 days of one source as the page asks for them: over HTTP, by journal, index and 720 level files. What sounds is as in <see cref="SectionBenchmarks"/>.</summary>
[InProcess]
[MemoryDiagnoser]
public class SectionEndpointBenchmarks : IDisposable
{
    private const int Files = 720;
    private const int Rate = 48_000;
    private const int Windows = 36_000;
    private const string Sections = "/api/sections?source=mic&from=2026-03-01&to=2026-03-30&margin=11";

    private static readonly DateTimeOffset s_begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("isr-sections-").FullName;
    private HttpClient _client = null!;
    private IHost _host = null!;

    [Params("quiet", "music")]
    public string Sound { get; set; } = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        var settings = Settings.ForFolder(Directory.CreateDirectory(Path.Combine(_directory, "rec")).FullName);
        WriteRecordings(settings.General.StateDirectory);
        _host = RunCommand.Build(settings, new WebOptions { Port = 0, Detection = DetectionParameters.Default }, RunParts.Page, log: null);
        var store = (LevelStore)_host.Services.GetService(typeof(LevelStore))!;
        var hours = Enumerable.Range(0, 24).Select(hour => SectionBenchmarks.Levels(Sound, new Random(hour))).ToList();
        for (var i = 0; i < Files; i++)
        {
            store.Write(NameOf(i), 1, s_begin.AddHours(i + 1).UtcDateTime, hours[i % 24]);
        }

        await _host.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(((WebApplication)_host).Urls.First()) };

        // Until the index has them all, and has taken what the server's own parameters find.
        var database = (CatalogDatabase)_host.Services.GetService(typeof(CatalogDatabase))!;
        while (!(await _client.GetStringAsync(Sections)).Contains(NameOf(Files - 1), StringComparison.Ordinal) || database.Unanalysed(DetectionParameters.Default).Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    /// <summary>Bytes of the answer.</summary>
    [Benchmark]
    public async Task<int> Days30() => (await _client.GetByteArrayAsync(Sections)).Length;

    [Benchmark]
    public async Task<int> LevelsOf30Days() => (await _client.GetByteArrayAsync(LevelsOf("2026-03-31T00:00:00Z"))).Length;

    [Benchmark]
    public async Task<int> LevelsOfADay() => (await _client.GetByteArrayAsync(LevelsOf("2026-03-02T00:00:00Z"))).Length;

    /// <summary>Points of 14 s: drawn from windows.</summary>
    [Benchmark]
    public async Task<int> LevelsOf4Hours() => (await _client.GetByteArrayAsync(LevelsOf("2026-03-01T04:00:00Z"))).Length;

    [Benchmark]
    public async Task<int> LevelsOf25Seconds() => (await _client.GetByteArrayAsync(LevelsOf("2026-03-01T00:00:25Z"))).Length;

    private static string LevelsOf(string to) => $"/api/levels?source=mic&from=2026-03-01T00:00:00Z&to={to}&points=1024";

    [GlobalCleanup]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _host.StopAsync();
        _host.Dispose();
        Dispose();
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    private static string NameOf(int hour) => $"{s_begin.AddHours(hour):yyyyMMdd_HHmmss}.flac";

    private void WriteRecordings(string stateDirectory)
    {
        var folder = Directory.CreateDirectory(JournalReader.DirectoryOf(stateDirectory)).FullName;
        for (var i = 0; i < Files; i++)
        {
            var (path, start) = (Path.Combine(_directory, "rec", NameOf(i)), s_begin.AddHours(i));
            File.WriteAllBytes(path, [0]);
            File.SetLastWriteTimeUtc(path, start.AddHours(1).UtcDateTime);
            using var journal = new FileStream(Path.Combine(folder, $"{start:yyyy-MM-dd}.jsonl"), FileMode.Append);
            journal.Write(JournalLine.Format(new FileOpened("mic", NameOf(i), start, "Pcm", Rate, 1, null) { At = start }));
            journal.Write(JournalLine.Format(new FileClosed("mic", NameOf(i), start.AddHours(1), (long)Windows * Rate / 10, 1, "split") { At = start }));
        }
    }
}
