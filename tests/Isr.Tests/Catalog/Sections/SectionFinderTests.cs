using Isr.Analysis;
using Isr.Analysis.Worker;
using Isr.Audio.Detection;
using Isr.Audio.Levels;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Catalog.Sections;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Catalog.Sections;

public sealed class SectionFinderTests : IAsyncDisposable
{
    private const int Rate = 8000;

    private static readonly DateTimeOffset s_begin = new(2026, 5, 23, 10, 0, 0, TimeSpan.FromHours(2));

    private readonly TemporaryDirectory _directory = new();
    private readonly CatalogRig _rig;
    private readonly LevelStore _store;
    private readonly LevelRequests _requests;
    private readonly SectionFinder _finder;
    private readonly List<(string Name, DateTimeOffset Start, uint[] Rms)> _files = [];

    public SectionFinderTests()
    {
        var folder = Directory.CreateDirectory(_directory.File("rec")).FullName;
        _rig = new CatalogRig(folder, _directory.File("state"), TimeProvider.System);
        _store = new LevelStore(new AnalysisOptions(folder, _directory.File("levels")));
        _requests = new LevelRequests(_store, new DecodingWorker(TimeProvider.System, NullLogger<DecodingWorker>.Instance), TimeProvider.System, NullLogger<LevelRequests>.Instance);
        _finder = new SectionFinder(_rig.Database, _store, new ActiveFiles(folder, TimeProvider.System), _requests);
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.StopAsync(CancellationToken.None);
        _requests.Dispose();
        await _rig.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public void More_sections_than_anybody_looks_at_are_refused_rather_than_held_in_memory()
    {
        var rms = new uint[36_000];
        for (var i = 0; i < rms.Length; i += 2)
        {
            rms[i] = 1 << 24;
        }

        var start = s_begin;
        for (var hour = 0; hour < 12; hour++)
        {
            start = Add(start, rms);
        }

        _rig.Updater.Update(TestContext.Current.CancellationToken);
        var every = new DetectionParameters(1, 0, 0);
        Assert.InRange(Find(s_begin, s_begin.AddHours(1), every).Sections.Count, 17_000, 19_000);
        Assert.Null(Find(s_begin, start, every));
    }

    [Fact]
    public void The_answer_does_not_depend_on_where_the_span_begins()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var start = s_begin;
        for (var i = 0; i < 60; i++)
        {
            start = Add(start, Wild(random, random.Next(i % 10 == 0 ? 40 : 3000)));
        }

        _rig.Updater.Update(TestContext.Current.CancellationToken);
        var across = 0;
        foreach (var parameters in (DetectionParameters[])[DetectionParameters.Default, new(3, 30, 0), new(1, 300, 0)])
        {
            var whole = Find(s_begin.AddDays(-1), start.AddDays(1), parameters).Sections;
            across += whole.Count(s => s.Files.Count > 1);
            Assert.Equal(Expected(parameters), whole.Select(s => (s.File, s.Offset, s.Files[^1], s.Score)));
            Assert.All(whole, s => Assert.Equal(s.Start, _files.Find(f => f.Name == s.File).Start.AddTicks((long)Math.Round(s.Offset * TimeSpan.TicksPerSecond))));
            for (var i = 0; i < 60; i++)
            {
                var from = s_begin.AddSeconds(random.Next((int)(start - s_begin).TotalSeconds));
                var to = from.AddSeconds(random.Next(1, 4000));
                Assert.Equal(whole.Where(s => s.Start < to && s.End > from).Select(Text), Find(from, to, parameters).Sections.Select(Text));
            }
        }

        Assert.InRange(across, 1, int.MaxValue);
    }

    [Theory]
    [InlineData("split", 0, true)]
    [InlineData("split", 0.015, true)]
    [InlineData("split", 0.03, false)]
    [InlineData("broken", 0, false)]
    [InlineData("format", 0, false)]
    [InlineData("clock", 0, false)]
    public void A_section_goes_on_only_over_a_split(string how, double gap, bool isOne)
    {
        var rms = Enumerable.Repeat(300u, 600).ToArray();
        rms.AsSpan(590).Fill(9000);
        var next = Add(s_begin, rms, how);
        Array.Reverse(rms);
        Add(next.AddSeconds(gap), rms);
        _rig.Updater.Update(TestContext.Current.CancellationToken);

        var sections = Find(s_begin, s_begin.AddMinutes(3), DetectionParameters.Default).Sections;

        Assert.Equal(isOne ? 1 : 2, sections.Count);
        Assert.Equal((_files[0].Name, 59.0, s_begin.AddSeconds(59)), (sections[0].File, sections[0].Offset, sections[0].Start));
        Assert.Equal(TimeSpan.FromHours(2), sections[0].Start.Offset);
        Assert.Equal(isOne ? [_files[0].Name, _files[1].Name] : [_files[0].Name], sections[0].Files, StringComparer.Ordinal);
        Assert.Equal(isOne ? next.AddSeconds(gap).AddSeconds(1) : next, sections[0].End);
    }

    [Fact]
    public async Task Recordings_without_levels_are_asked_for_and_named_until_that_is_known_to_be_in_vain()
    {
        var next = Add(s_begin, new uint[600]);
        Add(next, new uint[600]);
        File.Delete(Path.Combine(_directory.File("levels"), _files[1].Name + LevelStore.Extension));
        var damaged = Path.Combine(_directory.File("levels"), _files[0].Name + LevelStore.Extension);
        var bytes = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes, TestContext.Current.CancellationToken);
        _rig.Updater.Update(TestContext.Current.CancellationToken);

        Assert.Equal(_files.Select(f => f.Name), Find(s_begin, s_begin.AddMinutes(3), DetectionParameters.Default).Pending, StringComparer.Ordinal);

        await _requests.StartAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => Find(s_begin, s_begin.AddMinutes(3), DetectionParameters.Default) is { Pending: [], Undecodable.Count: 2 }, TimeSpan.FromSeconds(10), "both are tried and given up");
        await _requests.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Levels_that_are_damaged_where_it_is_loud_count_as_none()
    {
        var rms = Enumerable.Repeat(300u, 900).ToArray();
        rms.AsSpan(400, 20).Fill(9000);
        var next = Add(s_begin, rms);
        Add(next, rms);
        var path = Path.Combine(_directory.File("levels"), _files[0].Name + LevelStore.Extension);
        var bytes = File.ReadAllBytes(path);

        // The level of a loud window: 9000, twice.
        bytes[bytes.AsSpan().IndexOf("(#(#"u8)] ^= 1;
        File.WriteAllBytes(path, bytes);
        _rig.Updater.Update(TestContext.Current.CancellationToken);

        var answer = Find(s_begin, s_begin.AddMinutes(3), DetectionParameters.Default);

        Assert.Equal(_files[1].Name, Assert.Single(answer.Sections).File);
        Assert.Equal([_files[0].Name], answer.Pending, StringComparer.Ordinal);
    }

    private static (string, DateTimeOffset, DateTimeOffset, double, string) Text(SourceSection section) =>
        (section.File, section.Start, section.End, section.Score, string.Join(' ', section.Files));

    private static uint[] Wild(Random random, int windows)
    {
        var rms = new uint[windows];
        var (noise, loud) = (random.Next(100, 600), 0);
        for (var i = 0; i < windows; i++)
        {
            loud = random.Next(loud > 0 ? 40 : 150) == 0 ? random.Next(2) * random.Next(20_000) : loud;
            rms[i] = (uint)(noise + random.Next(50) + (loud > 0 ? random.Next(loud / 2, loud + 1) : 0));
        }

        return rms;
    }

    private List<(string, double, string, double)> Expected(DetectionParameters parameters)
    {
        using var run = new SectionRun(parameters);
        var names = new Dictionary<SectionPart, string>();
        foreach (var file in _files)
        {
            var part = new LevelsPart(file.Start.UtcDateTime, Rate, file.Rms.Length * 800L, file.Rms);
            names[part] = file.Name;
            run.Add(part);
        }

        return [.. run.Finish().Select(s => (names[s.First], s.Start, names[s.Last], s.Score))];
    }

    /// <summary>A recording with its levels; when it ends.</summary>
    private DateTimeOffset Add(DateTimeOffset start, uint[] rms, string how = "split")
    {
        var name = $"{start:yyyyMMdd_HHmmss_fff}_{_files.Count}.wav";
        var path = Path.Combine(_directory.File("rec"), name);
        File.WriteAllBytes(path, new byte[100]);
        var samples = rms.Length * 800L;
        var end = start.AddTicks(samples * TimeSpan.TicksPerSecond / Rate);
        JournalFiles.Append(
            _directory.File("state"),
            new FileOpened("radio", name, start, "Pcm", Rate, 1, null) { At = start },
            new FileClosed("radio", name, end, samples, 100, how) { At = end });
        var levels = new RecordingLevels
        {
            SampleRate = Rate,
            Channels = 1,
            WindowSamples = 800,
            Samples = samples,
            Rms = rms.ToArray(),
            Minimum = new short[rms.Length],
            Maximum = new short[rms.Length],
            Peaks = [new ushort[rms.Length]],
            Clipped = new ushort[rms.Length],
        };
        Assert.True(_store.Write(name, 100, File.GetLastWriteTimeUtc(path), levels));
        _files.Add((name, start, rms.ToArray()));
        return end;
    }

    private SectionsAnswer Find(DateTimeOffset from, DateTimeOffset to, DetectionParameters parameters) =>
        _finder.Find(new Interval(from.UtcTicks, to.UtcTicks), null, parameters, TimeZoneInfo.Utc, TestContext.Current.CancellationToken)!;
}
