using Isr.Alarms.Rules;

namespace Isr.Tests.Alarms.Rules;

public sealed class AlarmConditionTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void What_lasts_begins_and_what_is_over_for_long_enough_ends()
    {
        var condition = new AlarmCondition(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2));

        Assert.Equal([false, false, true, false], Advance(condition, true, true, true, true));
        Assert.True(condition.IsActive);
        Assert.Equal([false, true, false], Advance(condition, false, false, false));
        Assert.False(condition.IsActive);
    }

    [Fact]
    public void One_moment_otherwise_begins_the_wait_anew()
    {
        var condition = new AlarmCondition(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2));

        Assert.Equal([false, false, false, false, false, true], Advance(condition, true, true, false, true, true, true));
        Assert.Equal([false, false, false, true], Advance(condition, false, true, false, false));
    }

    [Fact]
    public void What_cannot_be_told_changes_nothing_and_counts_for_nothing()
    {
        var condition = new AlarmCondition(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        Assert.Equal([false, false, false, true], Advance(condition, true, null, null, true));
        Assert.Equal(TimeSpan.FromSeconds(2), condition.Held);
        Assert.Equal([false, false, true], Advance(condition, false, null, false));
    }

    [Fact]
    public void After_a_change_it_tells_how_long_ago_that_was_and_then_counts_anew()
    {
        var condition = new AlarmCondition(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

        Assert.True(condition.Advance(true, TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(7), condition.Held);
        Assert.False(condition.Advance(false, s_second));
        Assert.Equal(s_second, condition.Held);
    }

    [Fact]
    public void One_that_went_on_before_a_restart_does_not_begin_again()
    {
        var condition = new AlarmCondition(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), isActive: true);

        Assert.Equal([false, false, false, true], Advance(condition, true, true, false, false));
    }

    private static bool[] Advance(AlarmCondition condition, params bool?[] seconds) => [.. seconds.Select(holds => condition.Advance(holds, s_second))];
}
