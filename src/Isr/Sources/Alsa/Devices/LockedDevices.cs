using System.Globalization;
using System.Text;

namespace Isr.Sources.Alsa.Devices;

/// <summary>
/// The capture devices of cards that this user may not open. libasound passes over them as if there were none; their
/// names in <c>/dev/snd</c> and what the kernel says of them in <c>/proc/asound</c> can be read by everybody.
/// </summary>
internal static class LockedDevices
{
    public const string DeviceFolder = "/dev/snd";
    public const string KernelFolder = "/proc/asound";

    public const string NoPermission = "no permission: add the user to the group audio";

    private const int MostBytes = 4096;

    /// <summary>All devices whose files are there, whether they could be opened or not.</summary>
    public static IReadOnlyList<CaptureDevice> Find(string deviceFolder, string kernelFolder)
    {
        var devices = new List<CaptureDevice>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(deviceFolder, "pcmC*D*c").Order(StringComparer.Ordinal))
            {
                var numbers = Path.GetFileName(path)["pcmC".Length..^1].Split('D');
                if (numbers is [var first, var second] && IsNumber(first, out var card) && IsNumber(second, out var number))
                {
                    devices.Add(Describe(card, number, kernelFolder));
                }
            }
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // No folder, no devices; one that may not even be listed shows none either.
        }

        return devices;
    }

    /// <summary>The cards that the kernel knows, by the ids that it gives them, also where their devices are out of reach.</summary>
    public static IReadOnlyList<string> KernelCards(string kernelFolder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(kernelFolder, "card*")
                .Order(StringComparer.Ordinal)
                .Select(card => Read(Path.Combine(card, "id")))
                .Where(id => id.Length > 0)];
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static CaptureDevice Describe(int card, int number, string kernelFolder)
    {
        var folder = Path.Combine(kernelFolder, string.Create(CultureInfo.InvariantCulture, $"card{card}"));
        var id = Read(Path.Combine(folder, "id"));
        var name = Read(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"pcm{number}c"), "info"), "name: ");
        return new CaptureDevice
        {
            Card = card,
            CardId = id,
            CardName = id.Length > 0 ? id : string.Create(CultureInfo.InvariantCulture, $"card {card}"),
            CardLongName = "",
            Number = number,
            Name = name,
            WhyUnknown = NoPermission,
        };
    }

    /// <summary>The first line that begins so, without its beginning; "" where there is none.</summary>
    private static string Read(string path, string beginning = "")
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MostBytes];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var line = Encoding.UTF8.GetString(bytes, 0, length).Split('\n').FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal));
            return line is null ? "" : ShownText.Clean(line[beginning.Length..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
