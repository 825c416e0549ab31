using Isr.Configuration;
using Isr.Sources.Alsa;
using Isr.Sources.Http;

namespace Isr.Sources;

/// <summary>Makes the source that a configuration section asks for.</summary>
internal sealed class SourceFactory(StreamClient client, ConnectionWatch watch, TimeProvider time, ILoggerFactory loggers)
{
    public IAudioSource Create(SourceSettings settings, SourceMonitor monitor) => settings.Type switch
    {
        SourceType.Soundcard => new AlsaSource(settings, device => new DeviceAnswer(device, device, ""), monitor, time, loggers.CreateLogger<AlsaSource>()),
        _ => new StreamSource(settings, client, watch, time, loggers.CreateLogger<StreamSource>()),
    };

    public SourceSupervisor CreateSupervisor(SourceSettings settings, SourceMonitor monitor) =>
        new(settings, Create(settings, monitor), monitor, time, loggers.CreateLogger<SourceSupervisor>());
}
