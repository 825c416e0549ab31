using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests.Review;

/// <summary>The archive that the page's journeys go through is what it says it is.</summary>
public sealed class ReviewArchiveTests(ReviewArchive archive)
{
    private const double Tenth = 0.101;

    [Fact]
    public async Task What_is_missing_is_known_with_its_cause()
    {
        var day = $"{archive.Folder.Day:yyyy-MM-dd}";
        var sources = (await archive.AskAsync($"api/coverage?from={day}&to={day}")).GetProperty("sources").EnumerateArray().ToDictionary(s => s.GetProperty("source").GetString()!, StringComparer.Ordinal);

        var gap = Assert.Single(sources[ReviewFolder.Street].GetProperty("gaps").EnumerateArray());
        Assert.Equal(archive.Folder.GapStart, gap.GetProperty("from").GetDateTimeOffset());
        Assert.Equal(19 * 60, gap.GetProperty("seconds").GetDouble());
        Assert.Equal(("broken", ReviewFolder.GapSentence), (gap.GetProperty("cause").GetString(), gap.GetProperty("sentence").GetString()));
        Assert.Equal(0, sources[ReviewFolder.Garden].GetProperty("total").GetProperty("missing").GetDouble());
        Assert.Equal(0, sources[ReviewFolder.Radio].GetProperty("total").GetProperty("missing").GetDouble());
    }

    [Fact]
    public async Task What_stands_out_comes_back_where_it_is_and_nothing_else_does()
    {
        var answer = await archive.AskAsync($"api/sections?from={archive.Folder.Day.AddDays(-1):yyyy-MM-dd}&to={archive.Folder.Day:yyyy-MM-dd}");
        var found = answer.GetProperty("sections").EnumerateArray().Select(s => (
            Source: s.GetProperty("source").GetString()!,
            Start: s.GetProperty("start").GetDateTimeOffset(),
            End: s.GetProperty("end").GetDateTimeOffset(),
            Files: s.GetProperty("files").GetArrayLength())).ToList();

        Assert.Equal(archive.Folder.Bursts.Count, found.Count);
        foreach (var (burst, section) in archive.Folder.Bursts.Zip(found))
        {
            Assert.Equal(burst.Source, section.Source);
            Assert.Equal(0, (section.Start - burst.Start).TotalSeconds, Tenth);
            Assert.Equal(0, (section.End - burst.End).TotalSeconds, Tenth);
        }

        Assert.Equal(2, found.Count(s => s.Files == 2));
    }

    [Fact]
    public async Task Levels_of_every_format_are_there_at_once()
    {
        var files = (await archive.AskAsync($"api/files?from={archive.Folder.Day:yyyy-MM-dd}&to={archive.Folder.Day:yyyy-MM-dd}")).EnumerateArray().Select(f => f.GetProperty("name").GetString()!).ToList();
        var levels = await Task.WhenAll(new[] { ReviewFolder.Garden, ReviewFolder.Radio }.Select(
            source => archive.AskAsync($"api/levels?file={files.First(f => f.StartsWith(source, StringComparison.Ordinal))}&points=100")));

        // 24 hours of three sources, and the street's hour in two parts.
        Assert.Equal(73, files.Count);
        Assert.All(levels, l => Assert.Equal((3600, 100), (l.GetProperty("duration").GetDouble(), l.GetProperty("rms").GetArrayLength())));
        Assert.InRange(levels[0].GetProperty("max").EnumerateArray().Max(v => v.GetDouble()), 0.02, 1);
        Assert.All(levels[1].GetProperty("max").EnumerateArray(), v => Assert.InRange(v.GetDouble(), 0.1, 0.9));
    }

    [Fact]
    public async Task Something_is_being_recorded_besides()
    {
        var files = await archive.AskAsync($"api/files?source={ReviewArchive.Live}");

        Assert.True(files[0].GetProperty("recording").GetBoolean());
    }

    [Fact]
    public async Task A_day_on_which_the_clocks_are_set_back_has_the_hour_twice()
    {
        await using var set = new ReviewArchive { Zone = "Europe/Berlin", Day = new DateOnly(2026, 10, 25), HasLive = false };
        await set.InitializeAsync();

        var coverage = (await set.AskAsync("api/coverage?from=2026-10-25&to=2026-10-25")).GetProperty("sources").EnumerateArray().First(s => s.GetProperty("source").GetString() == ReviewFolder.Garden);
        var files = (await set.AskAsync("api/files?from=2026-10-25&to=2026-10-25&source=garden")).EnumerateArray().Reverse().ToList();

        Assert.Equal(25 * 3600, coverage.GetProperty("total").GetProperty("recorded").GetDouble());
        Assert.Equal(0, coverage.GetProperty("total").GetProperty("missing").GetDouble());
        Assert.Equal(["garden/20261025_020000.flac", "garden/20261025_020000_2.flac"], files[2..4].Select(f => f.GetProperty("name").GetString()), StringComparer.Ordinal);
        Assert.Equal([2, 1], files[2..4].Select(f => f.GetProperty("started").GetDateTimeOffset().Offset.Hours));
    }
}
