using System.Text.Json;
using Isr.Audio.Detection;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Detection;

public sealed class SectionDetectorTests
{
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Detection", "Golden");

    public static TheoryData<string> GoldenFiles => [.. Directory.GetFiles(s_golden, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Golden_cases_are_equal_in_every_decimal(string file)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(s_golden, file)));
        var root = golden.RootElement;
        var decimals = root.GetProperty("levels").EnumerateArray().Select(level => level.GetDouble()).ToArray();
        var levels = DetectedLevels.Of(
            root.GetProperty("sample_rate").GetInt32(), root.GetProperty("frames").GetInt64(), [.. decimals.Select(level => (uint)Math.Round(level * 1e5))]);
        Assert.Equal(root.GetProperty("window_samples").GetInt32(), levels.WindowSamples);

        var cases = root.GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            var parameters = new DetectionParameters(one.GetProperty("margin").GetDouble(), one.GetProperty("min_gap").GetDouble(), one.GetProperty("min_duration").GetDouble());
            var expected = one.GetProperty("sections").EnumerateArray()
                .Select(s => new Section(s.GetProperty("start").GetDouble(), s.GetProperty("end").GetDouble(), s.GetProperty("score").GetDouble()));
            Assert.Equal(expected, SectionDetector.Detect(levels, parameters));
            Assert.Equal(expected, LiteralDetector.Detect([(0, levels.SampleRate, levels.Samples, decimals)], parameters).Select(s => new Section(s.Start, s.End, s.Score)));
        }
    }

    [Fact]
    public void All_golden_files_are_there() => Assert.Equal(36, GoldenFiles.Count);

    [Fact]
    public void Any_levels_and_parameters_give_what_the_contract_says()
    {
        var random = FrameReaderContract.Seeded();
        var found = 0;
        for (var run = 0; run < 400; run++)
        {
            var windows = run < 20 ? run % 10 : random.Next(random.Next(10) == 0 ? 6000 : 1200);
            var rate = DetectedLevels.Rate(random);
            var levels = DetectedLevels.Of(rate, DetectedLevels.Samples(random, rate, windows), DetectedLevels.Wild(random, windows));
            var decimals = levels.Rms.ToArray().Select(units => units / 1e5).ToArray();
            for (var i = 0; i < 4; i++)
            {
                var parameters = DetectedLevels.Parameters(random);
                var expected = LiteralDetector.Detect([(0, rate, levels.Samples, decimals)], parameters).Select(s => new Section(s.Start, s.End, s.Score)).ToList();
                Assert.Equal(expected, SectionDetector.Detect(levels, parameters));
                found += expected.Count;
            }
        }

        Assert.InRange(found, 1500, int.MaxValue);
    }
}
