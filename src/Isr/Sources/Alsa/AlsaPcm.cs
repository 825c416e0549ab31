using Isr.Configuration;
using Isr.Sources.Alsa.Interop;

namespace Isr.Sources.Alsa;

/// <summary>A device that is open and set up for capture. Whoever disposes it must be the only one who uses it.</summary>
internal sealed class AlsaPcm(SafePcmHandle handle, AlsaParameters parameters) : IDisposable
{
    public SafePcmHandle Handle => handle;

    public AlsaParameters Parameters => parameters;

    /// <summary>Opens and sets up; null with the reason where that cannot be. May take as long as the device does.</summary>
    /// <param name="name">The PCM's.</param>
    /// <param name="title">The device's name for people; where that is the PCM's, the device's own name is taken.</param>
    /// <param name="settings">What is wanted of it.</param>
    public static (AlsaPcm? Pcm, ConnectionEnd End) Open(string name, string title, SourceSettings settings)
    {
        AlsaError.KeepQuiet();
        var error = Interop.Alsa.OpenPcm(out var handle, name);
        if (error < 0)
        {
            handle.Dispose();
            return (null, Refusal(name, error));
        }

        var (parameters, sentence) = AlsaNegotiation.SetUp(handle, name, title, settings);
        if (parameters is null)
        {
            handle.Dispose();
            return (null, new ConnectionEnd(EndCause.Refused, sentence));
        }

        return (new AlsaPcm(handle, parameters), default);
    }

    public void Dispose() => handle.Dispose();

    private static ConnectionEnd Refusal(string name, int error) => error switch
    {
        AlsaError.Busy => new(
            EndCause.Refused,
            $"{name} is in use by another program (often a sound server such as PulseAudio or PipeWire, or a second recorder): end that one, "
            + "or share the device by a PCM of type dsnoop in /etc/asound.conf and set device to its name, such as shared_mic"),
        AlsaError.NoAccess or AlsaError.NotPermitted => new(
            EndCause.Refused,
            $"{name} may not be opened by this user: add it to the group audio (usermod -aG audio {Environment.UserName}) and start again"),
        AlsaError.NoEntry or AlsaError.NoDevice or AlsaError.NoAddress => new(
            EndCause.Unreachable,
            $"{name} is not there: plug it in, or see `isr devices` for what is"),
        _ => new(EndCause.Unreachable, $"{name} cannot be opened: {AlsaError.Describe(error)}"),
    };
}
