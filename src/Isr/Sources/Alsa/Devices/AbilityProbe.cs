using System.Runtime.InteropServices;
using Isr.Interop;
using Native = Isr.Sources.Alsa.Interop.Alsa;

namespace Isr.Sources.Alsa.Devices;

/// <summary>Opens a capture device for a moment, without capturing, and asks what it can do.</summary>
internal static unsafe partial class AbilityProbe
{
    private const int NonBlocking = 1;
    private const int MostChannels = 256;
    private const int MostFormats = 64;

    // errno(3), the same on every Linux that .NET runs on.
    private const int NotPermitted = 1;
    private const int NoSuchFile = 2;
    private const int NoSuchAddress = 6;
    private const int AccessDenied = 13;
    private const int Busy = 16;
    private const int NoSuchDevice = 19;

    private static readonly int[] s_rates = [8000, 11025, 16000, 22050, 32000, 44100, 48000, 64000, 88200, 96000, 176400, 192000, 384000];

    /// <summary>The device with its abilities, or with why they are not known. Does not wait for one that is in use.</summary>
    public static CaptureDevice Ask(CaptureDevice device)
    {
        // By number: it was listed a moment ago, and the id of another card could not be meant.
        var error = Open(out var pcm, device.ShortPcm, Native.Capture, NonBlocking);
        if (error < 0)
        {
            return device with { WhyUnknown = Why(-error) };
        }

        try
        {
            var parameters = stackalloc byte[(int)ParametersBytes()];
            error = AnyParameters(pcm, parameters);
            return error < 0 ? device with { WhyUnknown = Why(-error) } : device with { Abilities = Read(pcm, parameters) };
        }
        finally
        {
            _ = Close(pcm);
        }
    }

    private static DeviceAbilities Read(nint pcm, byte* parameters)
    {
        var formats = new List<string>();
        for (var format = 0; format < MostFormats; format++)
        {
            // Numbers without a name are not used (or not yet known to this libasound).
            if (FormatName(format) is var name && name is not null && TestFormat(pcm, parameters, format) >= 0)
            {
                formats.Add(Native.Text(name));
            }
        }

        uint most = 0;
        uint least = 0;
        if (LeastChannels(parameters, &least) < 0 || GreatestChannels(parameters, &most) < 0)
        {
            least = most = 0;
        }

        var channels = new List<int>();
        for (var count = least; count > 0 && count <= Math.Min(most, MostChannels); count++)
        {
            if (TestChannels(pcm, parameters, count) >= 0)
            {
                channels.Add((int)count);
            }
        }

        return new DeviceAbilities(formats, [.. s_rates.Where(rate => TestRate(pcm, parameters, (uint)rate, 0) >= 0)], channels);
    }

    private static string Why(int error) => error switch
    {
        Busy => "in use",
        AccessDenied or NotPermitted => LockedDevices.NoPermission,
        NoSuchFile or NoSuchAddress or NoSuchDevice => "gone",
        _ => ShownText.Clean(Native.Describe(-error)),
    };

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(out nint pcm, string name, int direction, int mode);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_close")]
    private static partial int Close(nint pcm);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_sizeof")]
    private static partial nuint ParametersBytes();

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_any")]
    private static partial int AnyParameters(nint pcm, byte* parameters);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_format_name")]
    private static partial byte* FormatName(int format);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_test_format")]
    private static partial int TestFormat(nint pcm, byte* parameters, int format);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_test_rate")]
    private static partial int TestRate(nint pcm, byte* parameters, uint rate, int direction);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_test_channels")]
    private static partial int TestChannels(nint pcm, byte* parameters, uint channels);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_get_channels_min")]
    private static partial int LeastChannels(byte* parameters, uint* channels);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_get_channels_max")]
    private static partial int GreatestChannels(byte* parameters, uint* channels);
}
