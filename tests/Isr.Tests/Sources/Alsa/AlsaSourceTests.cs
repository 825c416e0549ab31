using System.Diagnostics;
using Isr.Configuration;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Alsa;

[SideBySide]
public sealed class AlsaSourceTests
{
    private const double Millisecond = 1e-3;

    /// <summary>All at once, for what they do is wait: of every format each sample in order, and when it was captured.</summary>
    [Fact]
    public async Task Every_sample_comes_in_order_with_the_time_of_its_capture()
    {
        (string Formats, int Bits, double Ppm)[] cards =
        [
            ("S16_LE S32_LE", 16, 0), ("S24_3LE", 16, 200), ("S24_LE", 16, -200), ("S32_LE", 16, 0), ("FLOAT_LE", 16, 0),
            ("S24_3LE S32_LE", 24, 0), ("S24_LE", 24, 200), ("S32_LE", 24, -200), ("FLOAT_LE", 24, 0),
        ];
        await Task.WhenAll(cards.Select(async card =>
        {
            var device = await AlsaRig.AddAsync(new AlsaDeviceOptions { Formats = card.Formats, Bits = card.Bits, Ppm = card.Ppm });
            await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm) with { Bits = card.Bits }).Start();
            await run.HearsAsync(2.5);
            Assert.Equal(ConnectionEnd.Stopped, await run.StopAsync());

            var connection = Assert.Single(run.Sink.Connections);
            Assert.Equal(new Audio.AudioFormat(Audio.AudioCodec.Pcm, 48000, 2, card.Bits), connection.Format);
            Assert.Equal($"alsa:{device.Pcm}", connection.Facts.Url);
            Assert.Equal(device.Pcm, connection.Facts.Name);
            Assert.Equal(connection.Samples, Assert.Single(connection.Runs).Length);
            Assert.All(Lateness(device, connection), late => Assert.InRange(late, -0.1 * Millisecond, 4 * Millisecond));
            Assert.InRange(connection.Arrivals.Count, 1, (connection.Samples / 4800) + 1);
            Assert.Empty(run.Log.All);
            Assert.Equal((device.Pcm, 0, 0), (run.Monitor.Current.Device, run.Monitor.Current.Overruns, run.Monitor.Current.CaptureQueue));
        }));
    }

    [Fact]
    public async Task Channels_are_picked_or_as_near_as_the_device_has_them()
    {
        (string Channels, int Wanted, int? Channel, int Recorded, string? Note)[] cards =
        [
            ("1 2 4", 2, null, 2, null),
            ("4 6", 2, null, 2, "has 4 channels; the first 2 are recorded"),
            ("1", 2, null, 1, "has 1 channel; recorded with 1 in place of 2"),
            ("2 4", 4, 1, 1, null),
            ("2 4", 4, 4, 1, null),
            ("4", 1, null, 1, "has 4 channels; the first is recorded"),
        ];
        await Task.WhenAll(cards.Select(async card =>
        {
            var device = await AlsaRig.AddAsync(new AlsaDeviceOptions { Channels = card.Channels });
            await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm) with { Channels = card.Wanted, Channel = card.Channel }).Start();
            await run.HearsAsync(0.5);
            await run.StopAsync();

            var connection = Assert.Single(run.Sink.Connections);
            Assert.Equal(card.Recorded, connection.Format.Channels);
            Assert.Equal(connection.Samples, Assert.Single(connection.Runs).Length);
            Assert.Equal(card.Note is null ? [] : [$"Information: [mic] {device.Pcm} {card.Note}"], run.Log.All);
            if (card.Channel is { } channel)
            {
                // The last sample was captured a moment before its time stamp, which tells its number; channel 4 is 4,000 on.
                var (sample, timestamp) = connection.Arrivals[^1];
                var number = (long)((timestamp - device.Epoch) / (double)Stopwatch.Frequency * 48000) - 1;
                Assert.InRange((number + (channel == 1 ? 0 : channel * 1000) - sample) & 0xFFFF, 0, 500);
            }
        }));
    }

    [Fact]
    public async Task An_overrun_is_counted_and_a_new_connection_begins_on_the_open_device()
    {
        var device = await AlsaRig.AddAsync();
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm)).Start();
        await run.HearsAsync(0.5);
        await device.DoAsync("overrun");
        await run.HearsAsync(0.5, connection: 2);
        await device.DoAsync("suspend");
        await run.HearsAsync(0.3, connection: 3);
        await device.DoAsync("jump 4801");
        await run.HearsAsync(0.9, connection: 3);
        await run.StopAsync();

        var connections = run.Sink.Connections;
        Assert.Equal(3, connections.Count);
        Assert.Equal(new ConnectionEnd(EndCause.Overrun, $"{device.Pcm} was not read in time: its buffer of 4.0 s ran over"), connections[0].End);
        Assert.Equal(new ConnectionEnd(EndCause.Broken, $"{device.Pcm} was suspended"), connections[1].End);
        Assert.Equal(1, run.Monitor.Current.Overruns);
        Assert.Equal(2, run.Log.Count("; it goes on"));

        // What was in the buffer is missing, about a tenth of a second; nothing else is.
        Assert.Single(connections[0].Runs);
        Assert.Single(connections[1].Runs);
        Assert.InRange(connections[1].Runs[0].First - connections[0].Runs[0].End, 1, 24000);
        Assert.InRange(connections[2].Runs[0].First - connections[1].Runs[0].End, 1, 24000);

        // A device that leaves something out without a word goes on; the time stamps tell.
        Assert.Equal(2, connections[2].Runs.Count);
        Assert.Equal(4801, connections[2].Runs[1].First - connections[2].Runs[0].End);
        Assert.Empty(connections[2].Losses);
        foreach (var connection in connections)
        {
            Assert.All(Lateness(device, connection), late => Assert.InRange(late, -0.1 * Millisecond, 110 * Millisecond));
            Assert.InRange(Lateness(device, connection)[0], -0.1 * Millisecond, 4 * Millisecond);
            Assert.InRange(Lateness(device, connection)[^1], -0.1 * Millisecond, 4 * Millisecond);
        }
    }

    [Fact]
    public async Task Stamps_of_another_clock_are_replaced_by_the_time_of_reading()
    {
        var device = await AlsaRig.AddAsync(new AlsaDeviceOptions { IsWallClock = true });
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm)).Start();
        await run.HearsAsync(0.8);
        await run.StopAsync();

        var late = Lateness(device, Assert.Single(run.Sink.Connections));
        Assert.InRange(late.Min(), -0.1 * Millisecond, 4 * Millisecond);
        Assert.InRange(late.Max(), 0, 0.5);
    }

    [Fact]
    public async Task What_finds_no_room_in_the_queue_is_counted_exactly()
    {
        var device = await AlsaRig.AddAsync();
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm), queue: TimeSpan.FromSeconds(0.4)).Start();
        for (var stall = 1; stall <= 2; stall++)
        {
            await run.HearsAsync(stall * 0.5);
            run.Sink.Takes.Reset();
            var began = Stopwatch.GetTimestamp();
            await Wait.UntilAsync(() => Stopwatch.GetElapsedTime(began).TotalSeconds > 0.9, AlsaRun.Patience, "time");
            Assert.InRange(run.Monitor.Current.CaptureQueue, 0, 400);
            run.Sink.Takes.Set();
            await Wait.UntilAsync(() => run.Sink.Connections[0].Losses.Count == stall, AlsaRun.Patience, () => $"loss {stall}");
        }

        await run.HearsAsync(1.5);
        await run.StopAsync();

        var connection = Assert.Single(run.Sink.Connections);
        Assert.Equal(3, connection.Runs.Count);
        Assert.All(connection.Losses, loss => Assert.Equal(loss.Missing, loss.Said));
        Assert.All(connection.Losses, loss => Assert.InRange(loss.Said, 4800, 40000));
        Assert.All(Lateness(device, connection), late => Assert.InRange(late, -0.1 * Millisecond, 4 * Millisecond));
        Assert.Equal(2, run.Log.Count("were captured and dropped"));
        Assert.Equal(0, run.Monitor.Current.Overruns);
    }

    [Fact]
    public async Task A_recording_side_that_stands_still_is_no_silence()
    {
        var device = await AlsaRig.AddAsync();
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm), silence: TimeSpan.FromSeconds(0.5)).Start();
        await run.HearsAsync(0.3);

        run.Sink.Takes.Reset();
        var stood = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(() => Stopwatch.GetElapsedTime(stood).TotalSeconds > 1, AlsaRun.Patience, "twice the limit of silence");
        run.Sink.Takes.Set();
        await run.HearsAsync(2);
        await run.StopAsync();

        var connection = Assert.Single(run.Sink.Connections);
        Assert.Equal(connection.Samples, Assert.Single(connection.Runs).Length);
    }

    [Fact]
    public async Task A_stop_is_soon_and_loses_nothing_that_was_captured()
    {
        var device = await AlsaRig.AddAsync();
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm)).Start();
        await run.HearsAsync(0.6);

        var asked = Stopwatch.GetTimestamp();
        await run.StopAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 0, 1);
        var last = Assert.Single(run.Sink.Connections).Runs[^1].End - 1;
        Assert.True(device.CapturedAt(last, 48000) > asked - (0.02 * Stopwatch.Frequency));
    }

    [Fact]
    public async Task A_sink_that_wants_no_more_ends_it()
    {
        var device = await AlsaRig.AddAsync();
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm));
        var refusal = new ConnectionEnd(EndCause.NotLive, "enough");
        run.Sink.Refusal = refusal;

        Assert.Equal(refusal, await run.Start().EndAsync());
        Assert.Single(Assert.Single(run.Sink.Connections).Arrivals);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_told_with_what_to_do()
    {
        var device = await AlsaRig.AddAsync(new AlsaDeviceOptions { Rates = "48000 96000" });
        var settings = TestSettings.Soundcard("mic", device.Pcm);

        await RefusedAsync(settings with { SampleRate = 44100 }, EndCause.Refused,
            $"{device.Pcm} does not do 44100 Hz; it does 48000, 96000: set sample_rate = 48000, or device = plug:{device.Pcm} to have it converted");
        await RefusedAsync(settings with { Channels = 3, Channel = 3 }, EndCause.Refused, $"{device.Pcm} has 2 channels, so there is no channel 3: set channel to 1 to 2");
        await RefusedAsync(settings with { Device = "nosuchpcm" }, EndCause.Unreachable, "nosuchpcm is not there: plug it in, or see `isr devices` for what is");
        device.Set("busy");
        await RefusedAsync(settings, EndCause.Refused, $"{device.Pcm} is in use by another program ");
        device.Set("access");
        await RefusedAsync(settings, EndCause.Refused, $"{device.Pcm} may not be opened by this user: add it to the group audio");
        device.Set("nodev");
        await RefusedAsync(settings, EndCause.Unreachable, $"{device.Pcm} is not there: ");

        // Not paced by anything: no sound comes from there.
        await RefusedAsync(settings with { Device = "null" }, EndCause.NotLive, "null is no live device: it gave ");
    }

    [Fact]
    public async Task A_plug_converts_any_rate_and_24_bits_may_be_16()
    {
        var device = await AlsaRig.AddAsync();
        var settings = TestSettings.Soundcard("mic", device.Pcm) with { Bits = 24 };
        await using var plugged = new AlsaRun(settings with { Device = $"plug:{device.Pcm}", SampleRate = 44100 }, isCounted: false).Start();
        await using var narrow = new AlsaRun(settings).Start();
        await Task.WhenAll(plugged.HearsAsync(0.5), narrow.HearsAsync(0.5));
        await plugged.StopAsync();
        await narrow.StopAsync();

        Assert.Equal(new Audio.AudioFormat(Audio.AudioCodec.Pcm, 44100, 2, 24), plugged.Sink.Connections[0].Format);
        Assert.Equal(new Audio.AudioFormat(Audio.AudioCodec.Pcm, 48000, 2, 16), narrow.Sink.Connections[0].Format);
        Assert.Equal([$"Information: [mic] {device.Pcm} has 16 bits; recorded with 16 in place of 24"], narrow.Log.All);
    }

    [Fact]
    public async Task It_comes_back_by_itself_from_whatever_befalls_the_device()
    {
        var device = await AlsaRig.AddAsync();
        await using var run = new AlsaRun(TestSettings.Soundcard("mic", device.Pcm), silence: TimeSpan.FromSeconds(0.8)).Supervise();
        (string State, EndCause Cause, string Words)[] faults =
        [
            ("nodev", EndCause.Broken, " was unplugged"), ("nodev", EndCause.Unreachable, " is not there"),
            ("io", EndCause.Broken, " failed: input/output error"), ("silence", EndCause.Silence, "nothing came from "),
            ("suspended", EndCause.Silence, "nothing came from "),
        ];
        foreach (var fault in faults.GroupBy(f => f.State, StringComparer.Ordinal))
        {
            await Wait.UntilAsync(() => run.Sink.AudioSeconds > 0.3, AlsaRun.Patience, () => $"audio before {fault.Key}; {string.Join("; ", run.Sink.Ends)}");
            var ends = run.Sink.Ends.Count;
            device.Set(fault.Key);
            foreach (var (_, cause, words) in fault)
            {
                await Wait.UntilAsync(
                    () => run.Sink.Ends.Skip(ends).Any(e => e.Cause == cause && e.Sentence.Contains(words, StringComparison.Ordinal)),
                    AlsaRun.Patience,
                    () => $"{fault.Key}: {cause}; there are {string.Join("; ", run.Sink.Ends.Skip(ends))}");
            }

            device.Set("ok");
        }

        await Wait.UntilAsync(() => run.Sink.AudioSeconds > 0.3, AlsaRun.Patience, () => $"audio in the end; {string.Join("; ", run.Sink.Ends)}");

        await run.StopAsync();
        Assert.All(run.Sink.Connections.Where(c => c.Samples > 0), c => Assert.Single(c.Runs));
        Assert.Equal(SourceState.Stopped, run.Monitor.Current.State);
        Assert.Equal(0, run.Log.Count("internal error"));
    }

    /// <summary>By how many seconds a sample is said to have been captured later than it was.</summary>
    private static List<double> Lateness(AlsaDevice device, CountedConnection connection) =>
        [.. connection.Arrivals.Select(a => (a.Timestamp - device.CapturedAt(a.Sample, connection.Format.SampleRate)) / (double)Stopwatch.Frequency)];

    private static async Task RefusedAsync(SourceSettings settings, EndCause cause, string words)
    {
        await using var run = new AlsaRun(settings).Start();
        var end = await run.EndAsync();
        Assert.Equal(cause, end.Cause);
        Assert.StartsWith(words, end.Sentence, StringComparison.Ordinal);
    }
}
