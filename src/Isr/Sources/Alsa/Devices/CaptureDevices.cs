using System.Globalization;
using Isr.Interop;
using Isr.Sources.Alsa.Interop;
using Native = Isr.Sources.Alsa.Interop.Alsa;

namespace Isr.Sources.Alsa.Devices;

/// <summary>What there is to record from, now. To be asked only where <see cref="NativeLibraries.HasAlsa"/>.</summary>
internal static unsafe class CaptureDevices
{
    // Of a machine that is right there are at most 32 cards.
    private const int MostCards = 256;
    private const int MostDevices = 1024;

    /// <summary>Every capture device with what it can do. A device that is in use is left in peace.</summary>
    public static IReadOnlyList<CaptureDevice> List() => [.. Connected().Select(d => d.WhyUnknown is null ? AbilityProbe.Ask(d) : d)];

    /// <summary>Every capture device, without opening it.</summary>
    public static IReadOnlyList<CaptureDevice> Connected()
    {
        AlsaError.KeepQuiet();
        var devices = new List<CaptureDevice>();
        var cards = new HashSet<int>();
        for (var card = -1; cards.Count < MostCards && Native.NextCard(ref card) >= 0 && card >= 0 && cards.Add(card);)
        {
            AddDevices(card, devices);
        }

        devices.AddRange(LockedDevices.Find(LockedDevices.DeviceFolder, LockedDevices.KernelFolder).Where(d => !cards.Contains(d.Card)));
        return devices;
    }

    /// <summary>The PCMs of ALSA's configuration that do not say that they only play; those that it makes for each card are left out.</summary>
    public static IReadOnlyList<NamedPcm> Named()
    {
        AlsaError.KeepQuiet();
        var named = new List<NamedPcm>();
        if (Native.GetHints(-1, "pcm", out var hints) < 0 || hints is null)
        {
            return named;
        }

        try
        {
            for (var hint = hints; *hint is not null; hint++)
            {
                if (Native.Hint(*hint, "IOID") != "Output" && Native.Hint(*hint, "NAME") is { Length: > 0 } name && !name.Contains("CARD=", StringComparison.Ordinal))
                {
                    named.Add(new NamedPcm(ShownText.Clean(name), ShownText.Clean(Native.Hint(*hint, "DESC") ?? "")));
                }
            }
        }
        finally
        {
            _ = Native.FreeHints(hints);
        }

        return named;
    }

    /// <summary>Whether ALSA's configuration has a PCM of exactly this name, shown by a listing or not.</summary>
    public static bool IsPcm(string name)
    {
        AlsaError.KeepQuiet();

        // A name with a dot is a path from the top of the configuration, as snd_pcm_open takes it.
        return !name.Contains('\0', StringComparison.Ordinal)
            && (name.Contains('.', StringComparison.Ordinal)
                ? name.StartsWith("pcm.", StringComparison.Ordinal) && Native.HasConfiguration(name)
                : name.Length > 0 && Native.HasConfiguration("pcm." + name));
    }

    private static void AddDevices(int card, List<CaptureDevice> devices)
    {
        var info = stackalloc byte[(int)Native.CardInfoBytes()];
        var error = Native.OpenControl(out var control, string.Create(CultureInfo.InvariantCulture, $"hw:{card}"), Native.ControlToAsk);
        using (control)
        {
            // Unplugged in between, most likely: then it has no devices.
            if (error < 0 || Native.GetCardInfo(control, info) < 0)
            {
                return;
            }

            var number = -1;
            for (var last = -1; Native.NextDevice(control, ref number) >= 0 && number > last && number < MostDevices; last = number)
            {
                if (Describe(control, card, info, number) is { } device)
                {
                    devices.Add(device);
                }
            }
        }
    }

    /// <summary>Null when the device only plays.</summary>
    private static CaptureDevice? Describe(SafeControlHandle control, int card, byte* cardInfo, int number)
    {
        var info = stackalloc byte[(int)Native.DeviceInfoBytes()];
        Native.SetInfoDevice(info, (uint)number);
        Native.SetInfoDirection(info, Native.Capture);
        if (Native.GetDeviceInfo(control, info) < 0)
        {
            return null;
        }

        var name = ShownText.Clean(Native.Text(Native.DeviceName(info)));
        return new CaptureDevice
        {
            Card = card,
            CardId = ShownText.Clean(Native.Text(Native.CardId(cardInfo))),
            CardName = ShownText.Clean(Native.Text(Native.CardName(cardInfo))),
            CardLongName = ShownText.Clean(Native.Text(Native.CardLongName(cardInfo))),
            Number = number,
            Name = name.Length > 0 ? name : ShownText.Clean(Native.Text(Native.DeviceId(info))),
        };
    }
}
