using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Interop;
using Isr.Sources.Alsa.Devices;

namespace Isr.Commands;

/// <summary>`devices`: the capture devices that there are, and what to write after <c>device =</c> for each.</summary>
internal static class DevicesCommand
{
    private const string Description = "List the capture devices, with what to write after `device =`.";

    // Names are shown as they are, not as \u escapes: nothing reads this as part of a page.
    private static readonly DeviceJson s_json = new(new JsonSerializerOptions(DeviceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Command Create()
    {
        var command = new Command("devices", Description);
        var name = new Argument<string?>("NAME") { Description = "Say instead which device `device = NAME` means now. Exit code 1 when it means none.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        command.Add(name);
        command.Add(json);
        command.SetAction(result => result.GetValue(name) is { } configured ? Find(configured) : Run(result.GetValue(json)));
        return command;
    }

    /// <summary>--list-devices, which does what `devices` does.</summary>
    public static Option<bool> AddOption(Command command)
    {
        var option = new Option<bool>("--list-devices") { Description = "Do what `isr devices` does, and end." };
        command.Add(option);
        return option;
    }

    public static int Run(bool json)
    {
        if (!NativeLibraries.HasAlsa)
        {
            Console.Error.WriteLine(NativeLibraries.AlsaSentence);
            return ExitCode.Failed;
        }

        var devices = CaptureDevices.List();
        var named = CaptureDevices.Named();
        if (json)
        {
            DeviceLine[] lines = [.. devices.Select(DeviceLine.Of), .. named.Select(DeviceLine.Of)];
            Console.WriteLine(JsonSerializer.Serialize(lines, s_json.DeviceLineArray));
        }
        else
        {
            Write(devices, named);
        }

        return ExitCode.Done;
    }

    private static int Find(string configured)
    {
        var choice = DeviceChoice.Find(configured);
        if (!choice.IsFound)
        {
            Console.Error.WriteLine(choice.Sentence);
            return ExitCode.Failed;
        }

        Console.WriteLine(choice.Name == choice.Pcm ? choice.Name : $"{choice.Name} ({choice.Pcm})");
        return ExitCode.Done;
    }

    private static void Write(IReadOnlyList<CaptureDevice> devices, IReadOnlyList<NamedPcm> named)
    {
        if (devices.Count == 0)
        {
            Console.WriteLine(WhyNone(LockedDevices.DeviceFolder, LockedDevices.KernelCards(LockedDevices.KernelFolder)));
        }
        else
        {
            TextTable.Write(
                Console.Out,
                ["card", "device", "name", "formats", "rates", "channels", "device ="],
                devices.Select(d => new[]
                {
                    Number(d.Card),
                    Number(d.Number),
                    d.FullName,
                    d.Abilities is { } abilities ? string.Join(' ', abilities.Formats) : $"({d.WhyUnknown})",
                    string.Join(' ', (d.Abilities?.Rates ?? []).Select(Number)),
                    Ranges(d.Abilities?.Channels ?? []),
                    d.Pcm,
                }));
            Console.WriteLine("A part of a name does, too, as long as it fits one device only.");
        }

        if (named.Count > 0)
        {
            Console.WriteLine();
            Console.WriteLine("Names of ALSA's configuration, which may record:");
            TextTable.Write(Console.Out, ["device =", "description"], named.Select(p => new[] { p.Name, p.Description }));
        }
    }

    /// <summary>What to do where there is no capture device.</summary>
    /// <param name="deviceFolder">Where devices are, /dev/snd.</param>
    /// <param name="kernelCards">The cards that the kernel has, even where their devices cannot be reached.</param>
    internal static string WhyNone(string deviceFolder, IReadOnlyList<string> kernelCards)
    {
        var why = (Directory.Exists(deviceFolder), kernelCards.Count > 0) switch
        {
            (false, true) => $"The kernel has {(kernelCards.Count == 1 ? "the card" : "the cards")} {string.Join(", ", kernelCards)}, but there is no {deviceFolder}: pass it to this container (docker run --device {deviceFolder} --group-add audio).",
            (false, false) => $"There is no {deviceFolder}: no soundcard is plugged in, or its driver is not loaded. A container must be given it (docker run --device {deviceFolder} --group-add audio).",
            (true, true) => $"Of {(kernelCards.Count == 1 ? "the card" : "the cards")} {string.Join(", ", kernelCards)} none can capture.",
            (true, false) => $"No soundcard is plugged in, or this user may not see it: {LockedDevices.NoPermission}.",
        };
        return $"There is no capture device. {why}{Environment.NewLine}Where PulseAudio or PipeWire runs, `device = default` may still record from it.";
    }

    /// <summary>1 2 3 4 8 as "1-4 8".</summary>
    internal static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<string>();
        for (var first = 0; first < numbers.Count;)
        {
            var last = first;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
            {
                last++;
            }

            ranges.Add(first == last ? Number(numbers[first]) : $"{Number(numbers[first])}-{Number(numbers[last])}");
            first = last + 1;
        }

        return string.Join(' ', ranges);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A line of `devices --json`, as docs/formats.md has it; what does not apply is null.</summary>
internal sealed record DeviceLine(
    string Device,
    string Name,
    int? Card = null,
    string? CardId = null,
    string? CardName = null,
    string? CardLongName = null,
    int? DeviceNumber = null,
    string? DeviceName = null,
    string? Hw = null,
    IReadOnlyList<string>? Formats = null,
    IReadOnlyList<int>? Rates = null,
    IReadOnlyList<int>? Channels = null,
    string? WhyUnknown = null)
{
    public static DeviceLine Of(CaptureDevice device) => new(
        device.Pcm,
        device.FullName,
        device.Card,
        device.CardId,
        device.CardName,
        device.CardLongName,
        device.Number,
        device.Name,
        device.ShortPcm,
        device.Abilities?.Formats,
        device.Abilities?.Rates,
        device.Abilities?.Channels,
        device.WhyUnknown);

    public static DeviceLine Of(NamedPcm pcm) => new(pcm.Name, pcm.Description);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DeviceLine[]))]
internal sealed partial class DeviceJson : JsonSerializerContext;
