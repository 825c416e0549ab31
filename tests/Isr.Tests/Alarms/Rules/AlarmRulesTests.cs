using Isr.Alarms.Rules;
using Isr.Audio.Levels;
using Isr.Catalog.Coverage;
using Isr.Catalog.Retention;
using Isr.Configuration;
using Isr.Recording;
using Isr.Sources;

namespace Isr.Tests.Alarms.Rules;

public sealed class AlarmRulesTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Silence_begins_after_its_time_in_sound_and_one_word_does_not_end_it()
    {
        var rule = new SilenceRule("news", -50, TimeSpan.FromSeconds(120));

        Assert.Equal(120, CountUntil(() => rule.Observe(-70, s_second, TimeSpan.FromSeconds(20))));
        Assert.Equal("news has been silent for 2 min: below -50 dBFS.", rule.Sentence);
        Assert.Equal(TimeSpan.FromSeconds(140), rule.Ago);
        Assert.Equal((-50.0, -70.0), (rule.Values["threshold_dbfs"], rule.Values["level_dbfs"]));

        Assert.False(rule.Observe(-20, TimeSpan.FromSeconds(3), TimeSpan.Zero));
        Assert.False(rule.Observe(-60, s_second, TimeSpan.Zero));
        Assert.Equal(5, CountUntil(() => rule.Observe(-20, s_second, TimeSpan.Zero)));
        Assert.Equal("news is heard again after 3 h 20 min of silence.", rule.Ending(TimeSpan.FromMinutes(200)));
    }

    [Fact]
    public void Sound_in_between_keeps_silence_from_beginning()
    {
        var rule = new SilenceRule("news", -50, TimeSpan.FromSeconds(120));

        for (var i = 0; i < 100; i++)
        {
            Assert.False(rule.Observe(-80, TimeSpan.FromSeconds(119), TimeSpan.Zero));
            Assert.False(rule.Observe(-49.9, TimeSpan.FromSeconds(0.1), TimeSpan.Zero));
        }
    }

    [Fact]
    public void The_level_is_the_RMS_and_where_channels_cancel_each_other_the_peak()
    {
        Assert.Equal(-9.0, LevelOf(35_480, 11_000, 11_000), 1);

        // Two channels of opposite phase: their mean is nothing.
        Assert.Equal(-26.0, LevelOf(0, 16_384, 16_384), 1);
        Assert.Equal(-145.0, LevelOf(0, 0, 0));

        // Noise of the quietest bits.
        Assert.True(LevelOf(1, 2, 2) < -90);
    }

    [Theory]
    [InlineData("Waiting")]
    [InlineData("Connecting")]
    [InlineData("Recording")]
    [InlineData("Stopped")]
    public void A_source_whose_bytes_stand_still_is_dead_whatever_it_does(string word)
    {
        var state = Enum.Parse<SourceState>(word);
        var rule = new DeadRule("news", TimeSpan.FromSeconds(60));
        Assert.False(rule.Observe(Status(SourceState.Recording, 1000), s_second));
        Assert.False(rule.Observe(Status(SourceState.Recording, 2000), s_second));

        // A little before, where the last second of sound came in time.
        Assert.InRange(CountUntil(() => rule.Observe(Status(state, 2000, "refused."), s_second)), 59, 61);

        Assert.InRange(rule.Ago.TotalSeconds, 59, 61);
        Assert.StartsWith("Nothing of news has been recorded for 60 s: ", rule.Sentence, StringComparison.Ordinal);
        Assert.Equal(state == SourceState.Recording ? "it is connected, and no sound comes." : state == SourceState.Stopped ? "it was given up (refused)." : "refused.", rule.Sentence[44..]);
    }

    [Fact]
    public void Bytes_that_reach_no_file_are_not_recorded()
    {
        var rule = new DeadRule("news", TimeSpan.FromSeconds(60));
        var bytes = 0;

        Assert.InRange(CountUntil(() => rule.Observe(Status(SourceState.Disk, bytes += 1000, "no room"), s_second)), 59, 61);
        Assert.EndsWith("the disk does not take it (no room).", rule.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_with_pauses_is_no_death_and_its_return_must_last()
    {
        var rule = new DeadRule("news", TimeSpan.FromSeconds(60));
        var bytes = 0L;
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(rule.Observe(Status(SourceState.Recording, i % 4 == 0 ? bytes += 1000 : bytes), s_second));
        }

        CountUntil(() => rule.Observe(Status(SourceState.Waiting, bytes), s_second));
        Assert.True(rule.IsActive);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(rule.Observe(Status(SourceState.Recording, bytes += 1000), s_second));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.False(rule.Observe(Status(SourceState.Waiting, bytes), s_second));
        }

        Assert.InRange(CountUntil(() => rule.Observe(Status(SourceState.Recording, bytes += 1000), s_second)), 9, 11);
        Assert.Equal("news is recorded again after 90 s.", rule.Ending(TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public void Clipping_is_counted_over_the_last_minute()
    {
        var rule = new ClippingRule("mic", 100);
        for (var i = 0; i < 590; i++)
        {
            // 99 in any minute.
            Assert.False(rule.Observe(i % 60 == 0 ? 99 : 0, s_second));
        }

        Assert.True(rule.Observe(1, s_second));
        Assert.Equal("mic is too loud: 100 samples at full scale within a minute. Turn its level down.", rule.Sentence);
        Assert.InRange(CountUntil(() => rule.Observe(0, s_second)), 60, 125);
    }

    [Fact]
    public void A_watch_that_slept_for_minutes_forgets_what_was_clipped_before()
    {
        var rule = new ClippingRule("mic", 100);
        Assert.False(rule.Observe(99, s_second));

        Assert.False(rule.Observe(99, TimeSpan.FromMinutes(10)));
        Assert.False(rule.Observe(0, TimeSpan.FromSeconds(59)));
        Assert.True(rule.Observe(1, TimeSpan.Zero));
    }

    [Fact]
    public void Coverage_begins_at_once_and_is_not_judged_by_a_few_minutes()
    {
        var rule = new CoverageRule("news", 95);
        var minute = TimeSpan.FromMinutes(1);

        Assert.False(rule.Observe(CoverageFigures.Of(TimeSpan.FromMinutes(59).Ticks, TimeSpan.FromMinutes(30).Ticks), minute));
        Assert.False(rule.Observe(CoverageFigures.Of(TimeSpan.FromHours(24).Ticks, TimeSpan.FromMinutes(72).Ticks), minute));
        Assert.True(rule.Observe(CoverageFigures.Of(TimeSpan.FromHours(24).Ticks, TimeSpan.FromMinutes(90).Ticks), minute));
        Assert.Equal("Only 93.7 % of the last 24 hours of news is recorded, less than 95 %: 90 min are missing.", rule.Sentence);
        Assert.Equal(10, CountUntil(() => rule.Observe(CoverageFigures.Of(TimeSpan.FromHours(24).Ticks, TimeSpan.FromMinutes(71).Ticks), minute)));
    }

    [Fact]
    public void A_disk_that_is_full_in_days_is_told_and_one_that_a_limit_keeps_free_is_not()
    {
        var unlimited = Forecast(free: 60, new RetentionOptions(default, new Dictionary<string, KeepLimits>(StringComparer.Ordinal)));
        var limited = Forecast(free: 60, new RetentionOptions(KeepLimits.Of(null, null, 20), new Dictionary<string, KeepLimits>(StringComparer.Ordinal)));
        var rule = new DiskRule(7, null);

        Assert.Equal(18, CountUntil(() => rule.Observe(new DiskFacts(60_000_000_000, unlimited), TimeSpan.FromSeconds(10))));
        Assert.Equal("The disk is full in 6 days, as much as is recorded.", rule.Sentence);
        Assert.Equal(6.0, rule.Values["days"]);
        Assert.Equal(60, CountUntil(() => rule.Observe(new DiskFacts(60_000_000_000, limited), TimeSpan.FromSeconds(10))));
        Assert.Equal("There is room for recordings again, after 2 h.", rule.Ending(TimeSpan.FromHours(2)));
    }

    [Fact]
    public void A_disk_without_room_is_told_and_one_that_cannot_be_asked_is_not()
    {
        var rule = new DiskRule(7, null);
        Assert.False(rule.Observe(default, TimeSpan.FromHours(1)));
        Assert.True(rule.Observe(new DiskFacts(999_000_000, null), TimeSpan.FromMinutes(3)));
        Assert.Equal("Only 1 GB are free for recordings.", rule.Sentence);

        var kept = new DiskRule(7, 20_000_000_000);
        Assert.False(kept.Observe(new DiskFacts(19_000_000_000, null), TimeSpan.FromHours(1)));
        Assert.True(kept.Observe(new DiskFacts(17_000_000_000, null), TimeSpan.FromHours(1)));
        Assert.Equal("Only 17 GB are free for recordings, less than keep_free_gb = 20, and nothing more may be deleted.", kept.Sentence);
    }

    /// <summary>10 GB a day.</summary>
    private static RetentionReport Forecast(int free, RetentionOptions limits) => new()
    {
        IsOn = limits.IsOn,
        Forecast = RetentionForecast.Of(10_000_000_000, 100_000_000_000, free * 1_000_000_000L, limits),
    };

    private static SourceStatus Status(SourceState state, long bytes, string? error = null) => new() { Name = "news", Type = "stream", State = state, Bytes = bytes, Error = error };

    private static double LevelOf(uint rms, params ushort[] peaks)
    {
        var meter = new LiveMeters().For("mic");
        var reading = new MeterReading();
        var position = meter.Position;
        meter.Show(new LevelWindow { Rms = rms, Minimum = 0, Maximum = 0, Peaks = peaks, Clipped = 0 });
        Assert.True(meter.TryTake(ref position, reading));
        return SilenceRule.LevelOf(reading);
    }

    /// <summary>How often it was asked until it said yes.</summary>
    private static int CountUntil(Func<bool> observe)
    {
        for (var count = 1; count <= 10_000; count++)
        {
            if (observe())
            {
                return count;
            }
        }

        Assert.Fail("It never changed.");
        return 0;
    }
}
