using Isr.Playback.Zip;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Zip;

public sealed class ZipOrdersTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_order_is_kept_for_ten_minutes()
    {
        var orders = new ZipOrders(_time);
        var order = new ZipOrder(["a.mp3"], "x.zip");
        var id = orders.Add(order);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(orders.TryFind(id, out var found));
        Assert.Same(order, found);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(orders.TryFind(id, out _));
        Assert.False(orders.TryFind("", out _));
    }

    [Fact]
    public void Of_too_many_the_oldest_go()
    {
        var orders = new ZipOrders(_time);

        var ids = Enumerable.Range(0, ZipOrders.MostOrders + 3).Select(_ => orders.Add(new ZipOrder(["a.mp3"], "x.zip"))).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ids.Skip(3), ids.Where(id => orders.TryFind(id, out _)), StringComparer.Ordinal);
    }

    [Fact]
    public void Those_that_name_too_much_together_push_out_the_oldest_but_never_themselves()
    {
        var orders = new ZipOrders(_time);
        string[] names = [new string('a', ZipOrders.MostLetters / 3)];

        var ids = Enumerable.Range(0, 5).Select(_ => orders.Add(new ZipOrder(names, "x.zip"))).ToList();
        Assert.Equal(ids.Skip(2), ids.Where(id => orders.TryFind(id, out _)), StringComparer.Ordinal);

        var huge = orders.Add(new ZipOrder([new string('a', ZipOrders.MostLetters + 1)], "x.zip"));
        Assert.Equal([huge], ids.Append(huge).Where(id => orders.TryFind(id, out _)), StringComparer.Ordinal);
        var next = orders.Add(new ZipOrder(["a.mp3"], "x.zip"));
        Assert.False(orders.TryFind(huge, out _));
        Assert.True(orders.TryFind(next, out _));
    }
}
