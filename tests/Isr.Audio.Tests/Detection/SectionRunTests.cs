using Isr.Audio.Detection;
using Isr.Audio.Levels;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Detection;

public sealed class SectionRunTests
{
    private static readonly DateTime s_start = new(2026, 5, 23, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Over_any_files_it_finds_what_the_contract_says()
    {
        var random = FrameReaderContract.Seeded();
        var (found, across) = (0, 0);
        for (var run = 0; run < 300; run++)
        {
            var rate = DetectedLevels.Rate(random);
            var files = new List<(DateTime Start, long Samples, uint[] Rms)>();
            var start = s_start;
            for (var count = random.Next(1, 8); count > 0; count--)
            {
                // Shorter than a rise, than a block, and longer.
                var windows = random.Next(random.Next(4) switch { 0 => 4, 1 => 40, 2 => 400, _ => 2000 });
                var samples = DetectedLevels.Samples(random, rate, windows);
                files.Add((start, samples, DetectedLevels.Wild(random, windows)));
                start += TimeSpan.FromSeconds((double)samples / rate) + TimeSpan.FromTicks(random.Next(-1000, 1000));
            }

            // One without windows is none.
            var literal = files.Where(f => f.Rms.Length > 0)
                .Select(f => ((f.Start - s_start).TotalSeconds, rate, f.Samples, f.Rms.Select(units => units / 1e5).ToArray())).ToList();
            var starts = files.Where(f => f.Rms.Length > 0).Select(f => f.Start).ToList();
            for (var i = 0; i < 3; i++)
            {
                var parameters = DetectedLevels.Parameters(random);
                var parts = files.ConvertAll(f => new WatchedPart(f.Start, rate, f.Samples, f.Rms));
                var expected = LiteralDetector.Detect(literal, parameters);
                Assert.Equal(expected, Detect(parts, parameters).Select(s => new LiteralSection(starts.IndexOf(s.First.StartUtc), s.Start, starts.IndexOf(s.Last.StartUtc), s.End, s.Score)));
                Assert.All(parts, part => Assert.True(part.IsDisposed));
                found += expected.Count;
                across += expected.Count(s => s.First != s.Last);
            }
        }

        Assert.InRange(found, 2000, int.MaxValue);
        Assert.InRange(across, 50, int.MaxValue);
    }

    [Fact]
    public void Reads_no_levels_of_a_quiet_night()
    {
        var rms = Enumerable.Repeat(300u, 36_000).ToArray();
        var quiet = Enumerable.Range(0, 12).Select(i => new WatchedPart(s_start.AddHours(i), 48_000, 48_000 * 3600, rms)).ToList();
        var loud = rms.ToArray();
        loud[18_000] = 30_000;
        var parts = quiet.Append(new WatchedPart(s_start.AddHours(12), 48_000, 48_000 * 3600, loud)).ToList();

        var section = Assert.Single(Detect(parts, new DetectionParameters(12, 2, 0)));

        Assert.Equal((parts[^1], 1800.0, parts[^1], 1800.1, 40.0), (section.First, section.Start, section.Last, section.End, section.Score));
        Assert.All(quiet, part => Assert.Equal(0, part.BlocksRead));
        Assert.Equal(2, parts[^1].BlocksRead);
    }

    [Fact]
    public void Keeps_only_few_parts_of_a_long_run()
    {
        var random = FrameReaderContract.Seeded();
        var parts = new List<WatchedPart>();
        using var run = new SectionRun(DetectionParameters.Default);
        for (var i = 0; i < 200; i++)
        {
            parts.Add(new WatchedPart(s_start.AddMinutes(i), 8000, 8000 * 60, DetectedLevels.Wild(random, 600)));
            run.Add(parts[^1]);
            Assert.InRange(parts.Count(part => !part.IsDisposed), 1, 4);
        }

        run.Finish();
        Assert.All(parts, part => Assert.True(part.IsDisposed));
    }

    [Fact]
    public void Names_the_part_that_cannot_be_read()
    {
        var rms = Enumerable.Repeat(300u, 600).ToArray();
        rms[450] = 30_000;
        var parts = Enumerable.Range(0, 3).Select(i => new WatchedPart(s_start.AddMinutes(i), 8000, 8000 * 60, rms) { IsReadable = i != 1 }).ToList();
        using var run = new SectionRun(DetectionParameters.Default);
        parts.ForEach(run.Add);
        run.Finish();

        Assert.Same(parts[1], run.Unreadable);
        Assert.All(parts, part => Assert.True(part.IsDisposed));
    }

    [Theory]
    [InlineData(599, true)]
    [InlineData(580, true)]
    [InlineData(579, true)]
    [InlineData(578, false)]
    public void Tells_whether_it_ends_in_a_section(int lastLoud, bool endsInSection)
    {
        var rms = Enumerable.Repeat(300u, 600).ToArray();
        rms[lastLoud] = 30_000;
        using var run = new SectionRun(new DetectionParameters(12, 2, 0));
        run.Add(new LevelsPart(s_start, 8000, 8000 * 60, rms));

        var section = Assert.Single(run.Finish());

        Assert.Equal(endsInSection, run.EndsInSection);
        Assert.Equal(endsInSection ? 60.0 : 57.9, section.End);
    }

    private static IReadOnlyList<RunSection> Detect(IEnumerable<SectionPart> parts, DetectionParameters parameters)
    {
        using var run = new SectionRun(parameters);
        foreach (var part in parts)
        {
            run.Add(part);
        }

        return run.Finish();
    }

    /// <summary>Tells what was asked of it.</summary>
    private sealed class WatchedPart(DateTime startUtc, int sampleRate, long samples, uint[] rms) : SectionPart(startUtc, sampleRate, samples)
    {
        private readonly LevelsPart _levels = new(startUtc, sampleRate, samples, rms);

        public bool IsReadable { get; init; } = true;

        public bool IsDisposed { get; private set; }

        public int BlocksRead { get; private set; }

        public override LevelBlock Block(int index)
        {
            Assert.False(IsDisposed);
            return _levels.Block(index);
        }

        public override bool TryRead(int block, Span<uint> levels)
        {
            Assert.False(IsDisposed);
            BlocksRead++;
            return IsReadable && _levels.TryRead(block, levels);
        }

        protected override void Dispose(bool isDisposing)
        {
            IsDisposed = true;
            base.Dispose(isDisposing);
        }
    }
}
