using Isr.Audio.Levels;
using Isr.Recording;

namespace Isr.Tests.Recording;

public sealed class SourceMeterTests
{
    private readonly SourceMeter _meter = new LiveMeters().For("mic");
    private readonly MeterReading _reading = new();
    private long _position;

    [Fact]
    public void A_reader_takes_all_that_is_new_together()
    {
        Assert.False(_meter.TryTake(ref _position, _reading));

        Show(30_000, [100, 16_384], 2);
        Show(40_000, [3277, 5], 1);
        Assert.True(_meter.TryTake(ref _position, _reading));
        Assert.Equal((2, 3, 2), (_reading.Windows, _reading.Clipped, _reading.Channels));
        Assert.Equal(-9.0, _reading.Rms);
        Assert.Equal([-20.0, -6.0], [_reading.Peak(0), _reading.Peak(1)]);
        Assert.False(_meter.TryTake(ref _position, _reading));

        // Another reader has its own place.
        long other = 1;
        Assert.True(_meter.TryTake(ref other, _reading));
        Assert.Equal((1, -8.0), (_reading.Windows, _reading.Rms));
    }

    [Fact]
    public void Silence_has_no_decibels_and_full_scale_has_none_either()
    {
        Show(0, [0, 1], 0);
        _meter.TryTake(ref _position, _reading);
        Assert.Null(_reading.Rms);
        Assert.Null(_reading.Peak(0));
        Assert.Equal(-90.3, _reading.Peak(1));

        Show(100_000, [32_768], 800);
        _meter.TryTake(ref _position, _reading);
        Assert.Equal((0.0, 0.0), (_reading.Rms, _reading.Peak(0)));
        Assert.False(double.IsNegative(_reading.Rms!.Value));

        Show(1, [1], 0);
        _meter.TryTake(ref _position, _reading);
        Assert.Equal(-100.0, _reading.Rms);
    }

    [Fact]
    public void Who_comes_late_finds_the_newest_and_who_begins_nothing_old()
    {
        for (ushort i = 1; i <= 100; i++)
        {
            Show(i, [i], 1);
        }

        var begun = _meter.Position;
        Assert.False(_meter.TryTake(ref begun, _reading));
        Assert.True(_meter.TryTake(ref _position, _reading));
        Assert.Equal(16, _reading.Windows);
        Assert.Equal(Math.Round(20 * Math.Log10(100 / 32768.0), 1), _reading.Peak(0));
    }

    [Fact]
    public void A_change_of_channels_begins_anew_and_more_than_are_shown_do_no_harm()
    {
        Show(50_000, [9, 9], 5);
        Show(10_000, [3], 1);
        _meter.TryTake(ref _position, _reading);
        Assert.Equal((1, 1, 1), (_reading.Windows, _reading.Channels, _reading.Clipped));

        Show(10_000, new ushort[256], 1);
        _meter.TryTake(ref _position, _reading);
        Assert.Equal(SourceMeter.MaxChannels, _reading.Channels);
    }

    [Fact]
    public async Task Readers_never_see_half_a_window_and_showing_allocates_nothing()
    {
        var allocated = -1L;
        var showing = new Thread(() =>
        {
            var peaks = new ushort[8];
            Show(1, peaks, 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i <= 2_000_000; i++)
            {
                peaks.AsSpan().Fill((ushort)i);
                Show((uint)i, peaks, 1);
            }

            Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        });
        showing.Start();
        var seen = 0L;
        while (showing.IsAlive)
        {
            if (_meter.TryTake(ref _position, _reading))
            {
                seen += _reading.Windows;
                for (var i = 1; i < 8; i++)
                {
                    Assert.Equal(_reading.Peak(0), _reading.Peak(i));
                }

                Assert.Equal(_reading.Windows, _reading.Clipped);
            }
        }

        await Task.Run(showing.Join, TestContext.Current.CancellationToken);
        Assert.True(seen > 0);

        // A collection that others cause takes the rest of the thread's allocation context, which then counts as allocated.
        Assert.InRange(Volatile.Read(ref allocated), 0, 100_000);
    }

    private void Show(uint rms, ushort[] peaks, ushort clipped) =>
        _meter.Show(new LevelWindow { Rms = rms, Minimum = 0, Maximum = 0, Peaks = peaks, Clipped = clipped });
}
