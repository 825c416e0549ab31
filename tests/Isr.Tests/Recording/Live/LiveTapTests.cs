using Isr.Audio;
using Isr.Recording.Live;

namespace Isr.Tests.Recording.Live;

public sealed class LiveTapTests
{
    private static readonly AudioFormat s_format = new(AudioCodec.MpegLayer3, 44_100, 2);

    [Fact]
    public async Task Who_comes_hears_the_last_moment_and_then_everything_in_order()
    {
        var tap = new LiveTap("live");
        Feed(tap, 0, 200);
        using var listener = tap.Listen(() => { });
        Feed(tap, 200, 100);

        Assert.True(await listener.WaitAsync(TestContext.Current.CancellationToken));
        var heard = Numbers(listener.Take(new FrameQueue()));

        Assert.Equal(Enumerable.Range(heard[0], 300 - heard[0]), heard);
        Assert.InRange(200 - heard[0], 56, 58);
    }

    [Fact]
    public void After_a_disconnect_nothing_old_is_heard()
    {
        var tap = new LiveTap("live");
        Feed(tap, 0, 50);
        tap.Disconnected();
        using var listener = tap.Listen(() => { });
        Feed(tap, 50, 2);

        var queue = listener.Take(new FrameQueue());
        Assert.True(queue.TryTake(out var frame, out var isFirst));
        Assert.Equal((50, true), (frame.Data[0], isFirst));
        Assert.True(queue.TryTake(out _, out isFirst));
        Assert.False(isFirst);
    }

    [Fact]
    public async Task Who_takes_nothing_for_long_is_dropped_and_the_others_are_not()
    {
        var tap = new LiveTap("live");
        var left = 0;
        using var slow = tap.Listen(() => left++);
        using var quick = tap.Listen(() => left++);
        var heard = 0;
        for (var i = 0; i < 4000; i++)
        {
            Feed(tap, i, 1);
            heard += Numbers(quick.Take(new FrameQueue())).Count;
        }

        Assert.True(slow.IsDropped);
        Assert.True(slow.Take(new FrameQueue()).IsEmpty);
        while (await slow.WaitAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(slow.IsDropped);
        }

        Assert.Equal((false, 4000), (quick.IsDropped, heard));
        slow.Dispose();
        slow.Dispose();
        Assert.Equal((1, 1), (left, tap.Listeners));
    }

    [Fact]
    public void No_more_listen_than_there_is_room_for()
    {
        var taps = new LiveTaps();
        var all = Enumerable.Range(0, LiveTaps.MaxListeners).Select(_ => taps.TryListen(taps.For("live"))).ToList();

        Assert.DoesNotContain(null, all);
        Assert.Null(taps.TryListen(taps.For("other")));
        all[0]!.Dispose();
        Assert.NotNull(taps.TryListen(taps.For("other")));
    }

    [Fact]
    public void A_frame_costs_no_memory_while_nobody_listens()
    {
        var tap = new LiveTap("live");
        Feed(tap, 0, 1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Feed(tap, 0, 10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_queue_gives_what_was_put_in_whatever_the_lengths()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var queue = new FrameQueue();
        var (next, taken) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            if (random.Next(5) < 3)
            {
                var data = new byte[random.Next(4, 3000)];
                BitConverter.TryWriteBytes(data, next);
                queue.Add(new AudioFrame(data, 1152, s_format), isFirst: next % 7 == 0);
                next++;
            }
            else if (queue.TryTake(out var frame, out var isFirst))
            {
                Assert.True(taken == BitConverter.ToInt32(frame.Data) && isFirst == (taken % 7 == 0), $"seed {seed}, step {i}");
                taken++;
            }
        }
    }

    private static void Feed(LiveTap tap, int from, int count)
    {
        Span<byte> data = stackalloc byte[417];
        for (var i = from; i < from + count; i++)
        {
            BitConverter.TryWriteBytes(data, i);
            tap.Add(new AudioFrame(data, 1152, s_format));
        }
    }

    private static List<int> Numbers(FrameQueue queue)
    {
        var numbers = new List<int>();
        while (queue.TryTake(out var frame, out _))
        {
            numbers.Add(BitConverter.ToInt32(frame.Data));
        }

        return numbers;
    }
}
