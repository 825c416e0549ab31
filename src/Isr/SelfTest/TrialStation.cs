using Isr.Audio.Sniffing;
using Isr.Demo;

namespace Isr.SelfTest;

/// <summary>A built-in station, and every frame that it sent.</summary>
internal sealed class TrialStation : IAsyncDisposable
{
    private readonly DemoStation _station;

    private TrialStation(DemoStation station, FrameTruth truth) => (_station, Truth) = (station, truth);

    public Uri Url => _station.Url;

    public FrameTruth Truth { get; }

    /// <exception cref="DemoException">ffmpeg is missing, or cannot make the format.</exception>
    public static async Task<TrialStation> StartAsync(DemoFormat format, StreamKind kind, int seed, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var truth = new FrameTruth(kind);
        var station = new DemoStation(time, loggers.CreateLogger<DemoStation>(), seed: seed, format: format);
        station.Sent += truth.Add;
        try
        {
            await station.StartAsync(cancellationToken);
            return new TrialStation(station, truth);
        }
        catch
        {
            await station.DisposeAsync();
            throw;
        }
    }

    public void DropListeners() => _station.DropListeners();

    public ValueTask DisposeAsync() => _station.DisposeAsync();
}
