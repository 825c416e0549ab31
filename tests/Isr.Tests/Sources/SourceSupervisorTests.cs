using Isr.Audio;
using Isr.Configuration;
using Isr.Naming;
using Isr.Sources;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Sources;

public sealed class SourceSupervisorTests : IDisposable
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task After_a_good_connection_it_returns_at_once_and_then_ever_more_slowly()
    {
        var source = new ScriptedSource(_time, Good(), Refused(), Refused(), Refused(), Refused(), Refused(), Refused(), Refused(), Good(), Refused());

        var waits = await RunAsync(source, attempts: 11);

        Assert.Equal([0, 0.3, 1, 1, 1], waits[..5]);
        Assert.InRange(waits[5], 4, 5);
        Assert.InRange(waits[6], 8, 10);
        Assert.InRange(waits[7], 16, 20);
        Assert.Equal([0, 0.3], waits[8..10]);
    }

    [Fact]
    public async Task Much_audio_at_once_is_no_good_connection()
    {
        var file = new Attempt(60, 0.5, new ConnectionEnd(EndCause.NotLive, "is no live stream"));
        var source = new ScriptedSource(_time, file, file, file, file);

        var waits = await RunAsync(source, attempts: 5);

        Assert.InRange(waits[0], 4, 5);
        Assert.InRange(waits[1], 8, 10);
        Assert.InRange(waits[3], 32, 40);
    }

    [Fact]
    public async Task A_server_that_gives_no_audio_for_long_is_none_either()
    {
        var silence = new Attempt(1, 31, new ConnectionEnd(EndCause.Silence, "nothing came"));
        var source = new ScriptedSource(_time, silence, silence);

        var waits = await RunAsync(source, attempts: 3);

        Assert.InRange(waits[0], 4, 5);
        Assert.InRange(waits[1], 8, 10);
    }

    [Fact]
    public async Task A_soundcard_that_is_gone_is_tried_at_the_configured_pace()
    {
        var source = new ScriptedSource(_time, [Good(), .. Enumerable.Repeat(Refused(), 9)]);

        Assert.Equal([0, 0.3, 1, 1, 1, 5, 5, 5, 5, 5], await RunAsync(source, attempts: 11, SourceType.Soundcard));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task It_gives_up_after_so_many_retries_in_a_row(int retries)
    {
        var monitor = new SourceMonitor("radio", "stream", _time);
        var source = new ScriptedSource(_time, [Refused(), Good(), .. Enumerable.Repeat(Refused(), 10)]);

        var running = new SourceSupervisor(Settings(retries), source, monitor, _time, _log.CreateFactory().CreateLogger<SourceSupervisor>()).RunAsync(new CountingSink(), _stop.Token);
        await PassUntilAsync(() => running.IsCompleted);
        await running;

        // One refused, one good that ended, and as many refused after it as make up the retries.
        Assert.Equal(2 + retries, source.Attempts);
        Assert.Equal(SourceState.Stopped, monitor.Current.State);
        Assert.StartsWith($"gave up after {retries} retries: ", monitor.Current.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_asks_for_is_waited()
    {
        var busy = new Attempt(0, 0.1, new ConnectionEnd(EndCause.Refused, "503") { RetryAfter = TimeSpan.FromSeconds(17) });
        var source = new ScriptedSource(_time, busy, busy);

        Assert.Equal([17, 17], await RunAsync(source, attempts: 3));
    }

    [Fact]
    public async Task The_same_failure_is_logged_once()
    {
        var source = new ScriptedSource(_time, [.. Enumerable.Repeat(Refused(), 20), Good(), Refused()]);

        await RunAsync(source, attempts: 23);

        Assert.Equal(2, _log.All.Count(l => l.StartsWith("Warning: [radio] refused", StringComparison.Ordinal)));
        Assert.Equal(1, _log.All.Count(l => l.StartsWith("Warning: [radio] it ended", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_defect_is_logged_and_the_source_goes_on()
    {
        var source = new ScriptedSource(_time, new Attempt(0, 0, null), Refused());

        await RunAsync(source, attempts: 3);

        Assert.Equal(1, _log.Count("internal error; the source goes on"));
    }

    private static Attempt Good() => new(20, 20, new ConnectionEnd(EndCause.Ended, "it ended"));

    private static Attempt Refused() => new(0, 0.01, new ConnectionEnd(EndCause.Unreachable, "refused"));

    /// <summary>The waits between the attempts.</summary>
    private async Task<List<double>> RunAsync(ScriptedSource source, int attempts, SourceType type = SourceType.Stream)
    {
        var monitor = new SourceMonitor("radio", "stream", _time);
        var waits = new List<double>();
        monitor.Changed += () =>
        {
            if (monitor.Current is { State: SourceState.Waiting, NextAttempt: { } next })
            {
                waits.Add((next - _time.GetUtcNow()).TotalSeconds);
            }
        };

        var running = new SourceSupervisor(Settings(0) with { Type = type }, source, monitor, _time, _log.CreateFactory().CreateLogger<SourceSupervisor>()).RunAsync(new CountingSink(), _stop.Token);
        await PassUntilAsync(() => source.Attempts == attempts);
        await _stop.CancelAsync();
        await running;
        Assert.Equal(SourceState.Stopped, monitor.Current.State);
        return waits;
    }

    private Task PassUntilAsync(Func<bool> condition) => Wait.UntilAsync(
        () =>
        {
            _time.Advance(_time.UntilNextTimer ?? TimeSpan.Zero);
            return condition();
        },
        TimeSpan.FromSeconds(10),
        "the attempts");

    private static SourceSettings Settings(int maxRetries) => new()
    {
        Name = "radio",
        Line = 1,
        Type = SourceType.Stream,
        Urls = [new Uri("http://radio.example/live")],
        Username = null,
        Password = "",
        Format = SourceFormat.Auto,
        OutputDirectory = "/nowhere",
        SplitInterval = TimeSpan.FromHours(1),
        FilenamePattern = FileNamePattern.Default,
        MaxRetries = maxRetries,
        RetryDelay = TimeSpan.FromSeconds(5),
        Device = "default",
        SampleRate = 44100,
        Channels = 2,
        Bits = 16,
        Channel = null,
    };

    /// <summary>What one connection gives: so much audio, in so much time, and why it ended; null is a defect.</summary>
    private sealed record Attempt(int AudioSeconds, double Seconds, ConnectionEnd? End);

    /// <summary>Plays its attempts one after the other; then connects and gives nothing until it is stopped.</summary>
    private sealed class ScriptedSource(TimeProvider time, params Attempt[] script) : IAudioSource
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        public async Task<ConnectionEnd> RunAsync(IAudioSink sink, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _attempts) - 1;
            if (number >= script.Length)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            }

            var attempt = script[number];
            if (attempt.AudioSeconds > 0)
            {
                sink.Connected(new StreamFacts { Url = "http://radio.example/live" });
                var format = new AudioFormat(AudioCodec.MpegLayer3, 48000, 2);
                for (var i = 0; i < attempt.AudioSeconds; i++)
                {
                    sink.Frame(new AudioFrame([1], 48000, format));
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(attempt.Seconds), time, cancellationToken);
            return attempt.End ?? throw new InvalidOperationException("a defect");
        }
    }

    /// <summary>Counts audio as the recorder does.</summary>
    private sealed class CountingSink : IAudioSink
    {
        public double AudioSeconds { get; private set; }

        public void Connected(StreamFacts facts) => AudioSeconds = 0;

        public void Frame(in AudioFrame frame) => AudioSeconds += (double)frame.Samples / frame.Format.SampleRate;

        public void Skipped(long bytes)
        {
        }

        public void Title(string title)
        {
        }

        public ConnectionEnd? Arrived(long timestamp) => null;

        public void Disconnected(ConnectionEnd end) => AudioSeconds = 0;
    }
}
