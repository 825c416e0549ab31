using System.Diagnostics.CodeAnalysis;
using Isr.Interop;

namespace Isr.Sources.Alsa.Devices;

/// <summary>
/// The device that <c>device =</c> means. To be found anew at each attempt to connect: a card that comes back under another
/// number is then found by its name.
/// </summary>
/// <remarks>
/// Two cards of one model have the same names. Their ids differ ("Device", "Device_1"), but the kernel gives these in the
/// order in which the cards appear, so that the two may change places when both are plugged in again; nothing tells them apart
/// but the socket, which the long name of a USB card ends with ("… at usb-0000:00:14.0-2, full speed"). A part of that, like
/// "14.0-2,", always means the card in that socket. While only one of the two is there, a part of both their names means it.
/// </remarks>
/// <param name="Pcm">What ALSA is to open; null when there is none, or more than one.</param>
/// <param name="Name">For people.</param>
/// <param name="Sentence">Why there is none, and what to do; "" when there is one.</param>
internal readonly record struct DeviceChoice(string? Pcm, string Name, string Sentence)
{
    private const int MostNamed = 10;

    [MemberNotNullWhen(true, nameof(Pcm))]
    public bool IsFound => Pcm is not null;

    /// <summary>Among what is connected now.</summary>
    public static DeviceChoice Find(string configured) => NativeLibraries.HasAlsa
        ? Find(configured, CaptureDevices.Connected, CaptureDevices.IsPcm)
        : None(configured.Trim(), NativeLibraries.AlsaSentence);

    /// <param name="configured">What the configuration says.</param>
    /// <param name="connected">The devices that there are; asked only when they matter.</param>
    /// <param name="isPcm">Whether ALSA's configuration has a PCM of exactly this name.</param>
    public static DeviceChoice Find(string configured, Func<IReadOnlyList<CaptureDevice>> connected, Func<string, bool> isPcm)
    {
        configured = configured.Trim();
        if (configured.Length == 0 || configured.Equals("default", StringComparison.OrdinalIgnoreCase))
        {
            return new DeviceChoice("default", "default", "");
        }

        var colon = configured.IndexOf(':', StringComparison.Ordinal);
        if (isPcm(colon < 0 ? configured : configured[..colon]))
        {
            return AsItIs(configured);
        }

        var devices = connected();
        var fitting = devices.Where(d => Fits(d, configured)).ToList();
        return fitting switch
        {
            [var one] => new DeviceChoice(one.Pcm, one.FullName, ""),

            // A name with arguments of a PCM that ALSA itself will not know: its answer says more than a search for it.
            _ when colon >= 0 => AsItIs(configured),
            [] when devices.Count == 0 => None(configured, $"there is no capture device at all, so none called {Quoted(configured)}; `isr devices` says what to do"),
            [] => None(configured, $"no capture device is called {Quoted(configured)}; there is {Listed(devices)}; `isr devices` shows them all"),
            _ => None(configured, $"{Quoted(configured)} fits {fitting.Count} devices: {Listed(fitting)}; write one of the names in brackets, or a longer part of a name"),
        };
    }

    /// <summary>A part of a name counts in any case. Names with a colon are as other programs show them, card and device in one.</summary>
    private static bool Fits(CaptureDevice device, string part) =>
        Contains(device.CardId, part) || Contains(device.CardName, part) || Contains(device.CardLongName, part) || Contains(device.Name, part)
        || Contains($"{device.CardName}: {device.Name}", part);

    private static bool Contains(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static DeviceChoice AsItIs(string name) => new(name, ShownText.Clean(name), "");

    private static DeviceChoice None(string configured, string sentence) => new(null, ShownText.Clean(configured), sentence);

    private static string Quoted(string text) => $"\"{ShownText.Clean(text)}\"";

    private static string Listed(IReadOnlyCollection<CaptureDevice> devices) =>
        string.Join(", ", devices.Take(MostNamed).Select(d => $"{d.FullName} ({d.Pcm})"))
        + (devices.Count > MostNamed ? $" and {devices.Count - MostNamed} more" : "");
}
