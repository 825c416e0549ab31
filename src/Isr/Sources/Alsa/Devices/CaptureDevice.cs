using System.Globalization;

namespace Isr.Sources.Alsa.Devices;

/// <summary>A device of a card that captures. Its names are fit to be shown.</summary>
internal sealed record CaptureDevice
{
    /// <summary>The number that the card has now: another after a restart, or when it was plugged in again.</summary>
    public required int Card { get; init; }

    /// <summary>As in <c>/proc/asound/cards</c>, like "PCH" or "Device_1"; unique among the cards that are there.</summary>
    public required string CardId { get; init; }

    public required string CardName { get; init; }

    /// <summary>With the socket, for USB: "… at usb-0000:00:14.0-2, full speed".</summary>
    public required string CardLongName { get; init; }

    public required int Number { get; init; }

    public required string Name { get; init; }

    /// <summary>What it can do; null where that could not be asked, or was not.</summary>
    public DeviceAbilities? Abilities { get; init; }

    /// <summary>Why <see cref="Abilities"/> are not known, for people.</summary>
    public string? WhyUnknown { get; init; }

    /// <summary>By the card's id, which stays when its number does not; by its number where the id is none that ALSA could find.</summary>
    public string Pcm => HasUsableId ? string.Create(CultureInfo.InvariantCulture, $"hw:CARD={CardId},DEV={Number}") : ShortPcm;

    public string ShortPcm => string.Create(CultureInfo.InvariantCulture, $"hw:{Card},{Number}");

    /// <summary>Card and device, for people.</summary>
    public string FullName => Name.Length == 0 || Name == CardName ? CardName : $"{CardName}: {Name}";

    // One or two digits are a card's number to ALSA (snd_card_get_index).
    private bool HasUsableId =>
        CardId.Length > 0 && CardId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && !(CardId.Length <= 2 && CardId.All(char.IsAsciiDigit));
}

/// <param name="Formats">ALSA's names, like S16_LE.</param>
/// <param name="Rates">Of the usual ones, in Hz, ascending.</param>
/// <param name="Channels">Numbers of channels, ascending.</param>
internal sealed record DeviceAbilities(IReadOnlyList<string> Formats, IReadOnlyList<int> Rates, IReadOnlyList<int> Channels);

/// <summary>A PCM that ALSA's configuration or a plugin offers and that may capture.</summary>
/// <param name="Name">To be written after <c>device =</c>.</param>
/// <param name="Description">For people; may be empty.</param>
internal readonly record struct NamedPcm(string Name, string Description);
