using Isr.Configuration;
using Isr.Sources;
using Isr.Sources.Alsa;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Sources.Alsa;

/// <summary>One soundcard source that runs into a <see cref="CountedSink"/> until it is stopped or ends.</summary>
internal sealed class AlsaRun : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _log = new();
    private readonly AlsaSource _source;
    private readonly SourceSettings _settings;
    private Task<ConnectionEnd>? _running;
    private Task _supervised = Task.CompletedTask;

    public AlsaRun(SourceSettings settings, TimeSpan? queue = null, TimeSpan? silence = null, bool isCounted = true)
    {
        Sink = new CountedSink { IsCounted = isCounted };
        _settings = settings with { RetryDelay = TimeSpan.FromSeconds(0.1) };
        Monitor = new SourceMonitor(settings.Name, "soundcard", TimeProvider.System);
        _source = new AlsaSource(settings, device => new DeviceAnswer(device, device, ""), Monitor, TimeProvider.System, _log.CreateFactory().CreateLogger<AlsaSource>())
        {
            QueueLimit = queue ?? TimeSpan.FromSeconds(10),
            SilenceLimit = silence ?? TimeSpan.FromSeconds(10),
        };
    }

    public CountedSink Sink { get; }

    public SourceMonitor Monitor { get; }

    public LogLines Log => _log;

    /// <summary>Runs one connection.</summary>
    public AlsaRun Start()
    {
        _running = Task.Run(() => _source.RunAsync(Sink, _stop.Token));
        return this;
    }

    /// <summary>Runs it as the recorder does.</summary>
    public AlsaRun Supervise()
    {
        var supervisor = new SourceSupervisor(_settings, _source, Monitor, TimeProvider.System, _log.CreateFactory().CreateLogger<SourceSupervisor>());
        _supervised = Task.Run(() => supervisor.RunAsync(Sink, _stop.Token));
        return this;
    }

    /// <summary>Waits until the connection of this number, from 1, has given so much audio.</summary>
    public Task HearsAsync(double seconds, int connection = 1) => Wait.UntilAsync(
        () => Sink.Connections.Count > connection || (Sink.Connections.Count == connection && Sink.AudioSeconds >= seconds),
        Patience,
        () => $"{seconds} s of connection {connection}; there are {Sink.Connections.Count}, ends: {string.Join("; ", Sink.Ends)}, {(_running is { IsCompletedSuccessfully: true } ? _running.Result : _running?.Exception)}");

    /// <summary>The end of the one connection, by itself.</summary>
    public Task<ConnectionEnd> EndAsync() => _running!.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Waits for an end of this kind.</summary>
    public Task EndsAsync(EndCause cause, string words) => Wait.UntilAsync(
        () => Sink.Ends.Any(e => e.Cause == cause && e.Sentence.Contains(words, StringComparison.Ordinal)),
        Patience,
        () => $"an end: {cause}, {words}; there are {string.Join("; ", Sink.Ends)}");

    public async Task<ConnectionEnd> StopAsync()
    {
        await _stop.CancelAsync();
        await _supervised.WaitAsync(Patience, CancellationToken.None);
        return _running is null ? ConnectionEnd.Stopped : await _running.WaitAsync(Patience, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Sink.Takes.Set();
        await StopAsync();
        _stop.Dispose();
        _log.Dispose();
    }
}
