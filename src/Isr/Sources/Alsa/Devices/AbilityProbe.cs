using Isr.Sources.Alsa.Interop;
using Native = Isr.Sources.Alsa.Interop.Alsa;

namespace Isr.Sources.Alsa.Devices;

/// <summary>Opens a capture device for a moment, without capturing, and asks what it can do.</summary>
internal static unsafe class AbilityProbe
{
    private const int MostFormats = 64;

    /// <summary>The device with its abilities, or with why they are not known. Does not wait for one that is in use.</summary>
    public static CaptureDevice Ask(CaptureDevice device)
    {
        // By number: it was listed a moment ago, and the id of another card could not be meant.
        var error = Native.OpenPcm(out var pcm, device.ShortPcm);
        using (pcm)
        {
            if (error < 0)
            {
                return device with { WhyUnknown = Why(error) };
            }

            var hardware = new byte[(int)Native.HardwareBytes()];
            error = Native.AllowAny(pcm, hardware);
            return error < 0 ? device with { WhyUnknown = Why(error) } : device with { Abilities = Read(pcm, hardware) };
        }
    }

    private static DeviceAbilities Read(SafePcmHandle pcm, byte[] hardware)
    {
        var formats = new List<string>();
        for (var format = 0; format < MostFormats; format++)
        {
            if (Native.FormatName(format) is var name && name is not null && Native.TestFormat(pcm, hardware, format) >= 0)
            {
                formats.Add(Native.Text(name));
            }
        }

        if (Native.GetLeastChannels(hardware, out var least) < 0 || Native.GetMostChannels(hardware, out var most) < 0)
        {
            least = most = 0;
        }

        var channels = new List<int>();
        for (var count = least; count > 0 && count <= Math.Min(most, AlsaNegotiation.MostChannels); count++)
        {
            if (Native.TestChannels(pcm, hardware, count) >= 0)
            {
                channels.Add((int)count);
            }
        }

        return new DeviceAbilities(formats, AlsaNegotiation.RatesOf(pcm, hardware), channels);
    }

    private static string Why(int error) => error switch
    {
        AlsaError.Busy => "in use",
        AlsaError.NoAccess or AlsaError.NotPermitted => LockedDevices.NoPermission,
        AlsaError.NoEntry or AlsaError.NoAddress or AlsaError.NoDevice => "gone",
        _ => ShownText.Clean(AlsaError.Describe(error)),
    };
}
