using Isr.Web.Events;

namespace Isr.Tests.Web.Events;

public sealed class EventHistoryTests
{
    private readonly EventHistory _history = new();

    [Fact]
    public void Who_comes_back_is_told_what_it_missed()
    {
        var id = _history.IdOf(_history.Add("source", "1"));
        _history.Add("source", "2");
        _history.Add("recording", "3");

        Assert.Equal(["2", "3"], _history.Since(id)!.Select(e => e.Data), StringComparer.Ordinal);
        Assert.Empty(_history.Since(_history.LastId)!);
    }

    [Fact]
    public void Who_was_away_for_too_long_must_ask_for_all_anew()
    {
        var first = _history.LastId;
        var second = _history.IdOf(_history.Add("source", "1"));
        for (var i = 0; i < 1000; i++)
        {
            _history.Add("source", "more");
        }

        Assert.Null(_history.Since(first));
        Assert.Equal(1000, _history.Since(second)!.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0badcafe-1")]
    [InlineData("-1")]
    public void An_id_of_another_run_is_not_believed(string id)
    {
        _history.Add("source", "1");

        Assert.Null(_history.Since(id));
        Assert.Null(_history.Since(_history.LastId + "0"));
        Assert.Null(_history.Since(_history.LastId + "x"));
    }
}
