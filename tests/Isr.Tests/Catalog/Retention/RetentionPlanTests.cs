using Isr.Catalog.Retention;
using Isr.Configuration;

namespace Isr.Tests.Catalog.Retention;

public sealed class RetentionPlanTests
{
    private const long Gigabyte = 1_000_000_000;

    private static readonly DateTimeOffset s_now = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Files are NAME:SOURCE:DAYS OLD:GB[!], kept where there is "!"; trash is +NAME:SOURCE:DAYS:GB. Free: 10 GB.</summary>
    [Theory]
    [InlineData("", "a:x:900:1", "")]
    [InlineData("", "a:x:1:1 +t:x:8:1 +u:x:6:1", "t trash")]
    [InlineData("days=30", "a:x:31:1 b:x:29:1 c:-:40:1", "c keep_days, a keep_days")]
    [InlineData("days=30", "a:x:31:1! b:x:40:1!", "")]
    [InlineData("days=30 x.days=2", "a:x:3:1 b:y:3:1 c:-:3:1 d:y:31:1", "d keep_days, a keep_days")]
    [InlineData("x.days=2", "a:x:3:1 b:y:3000:1 c:-:3000:1", "a keep_days")]
    [InlineData("days=30 x.days=365", "a:x:100:1 b:y:100:1", "b keep_days")]
    [InlineData("gb=3", "a:x:1:1 b:x:2:1 c:y:3:1 d:-:4:1 e:-:5:1", "e keep_gb, d keep_gb")]
    [InlineData("gb=3", "a:x:1:1 b:x:2:1 c:y:3:1 +t:x:1:1", "t keep_gb")]
    [InlineData("gb=1", "a:x:1:1! b:x:2:1! c:y:3:1", "c keep_gb; [general] keep_gb")]
    [InlineData("x.gb=1", "a:x:1:1 b:x:2:1 c:y:3:1 d:-:9:7", "b keep_gb")]
    [InlineData("x.gb=1.5 gb=2", "a:x:1:1 b:x:2:1 c:y:3:1 d:y:4:1", "b keep_gb, d keep_gb")]
    [InlineData("free=12", "a:x:1:1 b:x:2:1 c:y:3:1 +t:x:1:0.5", "t keep_free_gb, c keep_free_gb, b keep_free_gb")]
    [InlineData("free=10", "a:x:1:1", "")]
    [InlineData("y.free=11", "a:x:3:1 b:y:1:1 c:y:2:1", "c keep_free_gb")]
    [InlineData("free=20", "a:x:1:1 b:x:2:1!", "a keep_free_gb; [general] keep_free_gb")]
    [InlineData("days=2 free=11", "a:x:3:1 b:x:1:1", "a keep_days")]
    public void The_oldest_goes_first_and_only_as_much_as_must(string limits, string what, string expected)
    {
        var plan = RetentionPlan.Of(State(what), Options(limits), TimeSpan.FromDays(7));

        var told = string.Join(", ", plan.Removals.Select(r => $"{r.Name} {r.Why}"));
        Assert.Equal(expected.Split(';')[0], told);
        Assert.Equal(expected.Contains(';', StringComparison.Ordinal), plan.Shortfalls.Count == 1);
        Assert.All(plan.Removals, r => Assert.NotEmpty(r.Reason));
    }

    [Fact]
    public void A_disk_that_is_short_costs_only_what_lies_on_it()
    {
        var state = State("a:x:3:1 b:x:2:1 c:x:1:1");
        state = state with
        {
            Files = [.. state.Files.Select(f => f with { Disk = f.Name == "a" ? 2u : 1u })],
            Free = new Dictionary<ulong, long> { [1] = 4 * Gigabyte, [2] = 100 * Gigabyte },
        };

        var plan = RetentionPlan.Of(state, Options("free=5"), TimeSpan.FromDays(7));

        Assert.Equal(["b"], [.. plan.Removals.Select(r => r.Name)]);
    }

    [Theory]
    [InlineData("", 1, 10, 12, 12.0, null, "The disk is full in 12 days.")]
    [InlineData("gb=34", 1, 4, 100, 30.0, 34.0, "keep_gb holds about 34 days; that is reached in 30 days.")]
    [InlineData("free=2", 1, 10, 12, 10.0, 20.0, "keep_free_gb leaves room for about 20 days; that is reached in 10 days.")]
    [InlineData("days=30", 1, 25, 10, null, 30.0, "keep_days needs about 30 GB, for which there is room.")]
    [InlineData("days=30", 1, 10, 12, 12.0, 30.0, "The disk is full in 12 days.")]
    [InlineData("gb=34", 1, 40, 100, 0.0, 34.0, "keep_gb holds about 34 days; that is reached within a day.")]
    public void The_forecast_says_when_it_is_full_and_how_far_back_it_reaches(string limits, double perDay, double held, double free, double? full, double? kept, string sentence)
    {
        var forecast = RetentionForecast.Of(Bytes(perDay), Bytes(held), Bytes(free), Options(limits));

        Assert.Equal((full, kept), (forecast.DaysUntilFull, forecast.DaysKept));
        Assert.Equal(sentence, forecast.Sentences[^1]);
    }

    private static long Bytes(double gigabytes) => (long)(gigabytes * Gigabyte);

    private static RetentionState State(string what)
    {
        var words = what.Split(' ').Select(w => w.Split(':')).ToList();
        string? SourceOf(string[] w) => w[1] == "-" ? null : w[1];
        DateTimeOffset At(string[] w) => s_now.AddDays(-double.Parse(w[2], System.Globalization.CultureInfo.InvariantCulture));
        long SizeOf(string[] w) => Bytes(double.Parse(w[3].TrimEnd('!'), System.Globalization.CultureInfo.InvariantCulture));
        return new RetentionState(
            [.. words.Where(w => w[0][0] != '+').Select(w => new RetentionFile(w[0], SourceOf(w), At(w).AddHours(-1), At(w), SizeOf(w), 1, w[3].EndsWith('!') ? "protected" : null))],
            [.. words.Where(w => w[0][0] == '+').Select(w => new RetentionTrash(w[0], w[0][1..], SourceOf(w), At(w), SizeOf(w), 1))],
            new Dictionary<ulong, long> { [1] = 10 * Gigabyte },
            s_now);
    }

    private static RetentionOptions Options(string limits)
    {
        decimal? Value(string key) => limits.Split(' ').FirstOrDefault(w => w.StartsWith(key + "=", StringComparison.Ordinal)) is { } word
            ? decimal.Parse(word.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture) : null;
        return new RetentionOptions(
            KeepLimits.Of(Value("days"), Value("gb"), Value("free")),
            new[] { "x", "y" }.ToDictionary(s => s, s => KeepLimits.Of(Value($"{s}.days") ?? Value("days"), Value($"{s}.gb"), Value($"{s}.free")), StringComparer.Ordinal));
    }
}
