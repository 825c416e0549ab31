using BenchmarkDotNet.Attributes;
using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Audio.Levels;

namespace Isr.Benchmarks;

/// <summary>
/// New parameters over levels that are there: one hour in memory, and level files of an hour each, opened and read from the disk's
/// cache. A quiet night has three sounds an hour; music is loud in every block, a quarter of its windows above the margin.
/// </summary>
[InProcess]
[MemoryDiagnoser]
public class SectionBenchmarks : IDisposable
{
    private const int Windows = 36_000;
    private const int Rate = 48_000;

    private static readonly DateTime s_modified = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly string _directory = Directory.CreateTempSubdirectory("isr-sections-").FullName;
    private LevelStore _store = null!;
    private RecordingLevels _levels = null!;
    private LevelsPart _hour = null!;

    [Params("quiet", "music")]
    public string Sound { get; set; } = "";

    [GlobalSetup]
    public void Generate()
    {
        _store = new LevelStore(new AnalysisOptions(Path.Combine(_directory, "rec"), Path.Combine(_directory, "levels")));
        for (var hour = 0; hour < 24; hour++)
        {
            _levels = Levels(Sound, new Random(hour));
            _store.Write(NameOf(hour), 1, s_modified, _levels);
        }

        _hour = new LevelsPart(default, Rate, _levels.Samples, _levels.Rms);
    }

    /// <summary>As /api/analyze does it with levels in memory, blocks measured anew.</summary>
    [Benchmark]
    public int OneHourWithBlocks() => SectionDetector.Detect(_levels, DetectionParameters.Default).Count;

    [Benchmark]
    public int OneHour() => SectionDetector.Detect(_hour, DetectionParameters.Default).Count;

    [Benchmark]
    public int Files24() => Detect(24);

    [Benchmark]
    public int Files720() => Detect(720);

    [Benchmark]
    public int Files8760() => Detect(8760);

    [GlobalCleanup]
    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The files of a day, again and again.</summary>
    private int Detect(int files)
    {
        using var run = new SectionRun(DetectionParameters.Default);
        for (var hour = 0; hour < files; hour++)
        {
            run.Add(_store.TryOpenPart(NameOf(hour % 24), 1, s_modified, s_modified.AddHours(hour)) ?? throw new InvalidOperationException("There is no such level file."));
        }

        return run.Finish().Count;
    }

    private static string NameOf(int hour) => $"20260101_{hour:00}0000.flac";

    internal static RecordingLevels Levels(string sound, Random random)
    {
        var rms = new uint[Windows];
        for (var i = 0; i < Windows; i++)
        {
            rms[i] = sound == "quiet"
                ? (uint)(250 + random.Next(100) + (i % 12_000 is >= 5000 and < 5030 ? 4000 : 0))
                : (uint)(random.Next(4) == 0 ? random.Next(8000, 40_000) : random.Next(1000, 3000));
        }

        return new RecordingLevels
        {
            SampleRate = Rate,
            Channels = 1,
            WindowSamples = Rate / 10,
            Samples = (long)Windows * Rate / 10,
            Rms = rms,
            Minimum = new short[Windows],
            Maximum = new short[Windows],
            Peaks = [new ushort[Windows]],
            Clipped = new ushort[Windows],
        };
    }
}
