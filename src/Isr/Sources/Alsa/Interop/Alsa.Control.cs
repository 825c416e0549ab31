using System.Runtime.InteropServices;
using System.Text;
using Isr.Interop;

namespace Isr.Sources.Alsa.Interop;

/// <summary>What libasound knows of cards, their devices and its configuration. Below 0 is an errno, negated.</summary>
internal static unsafe partial class Alsa
{
    /// <summary>SND_CTL_READONLY and SND_CTL_NONBLOCK: who may only read may ask, too.</summary>
    public const int ControlToAsk = 4 | 1;

    public const int Capture = 1;

    // Cards

    /// <summary>The next card after this one, -1 before the first and after the last. Cards that cannot be opened are passed over.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_card_next")]
    public static partial int NextCard(ref int card);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenControl(out SafeControlHandle control, string name, int mode);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_close")]
    public static partial int CloseControl(nint control);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_card_info_sizeof")]
    public static partial nuint CardInfoBytes();

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_card_info")]
    public static partial int GetCardInfo(SafeControlHandle control, byte* info);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_card_info_get_id")]
    public static partial byte* CardId(byte* info);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_card_info_get_name")]
    public static partial byte* CardName(byte* info);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_card_info_get_longname")]
    public static partial byte* CardLongName(byte* info);

    // Devices of a card

    /// <summary>The next device after this one, -1 before the first and after the last.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_pcm_next_device")]
    public static partial int NextDevice(SafeControlHandle control, ref int device);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_sizeof")]
    public static partial nuint DeviceInfoBytes();

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_set_device")]
    public static partial void SetInfoDevice(byte* info, uint device);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_set_stream")]
    public static partial void SetInfoDirection(byte* info, int direction);

    /// <summary>About the device and direction that were set; ENOENT where it has no such direction.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_ctl_pcm_info")]
    public static partial int GetDeviceInfo(SafeControlHandle control, byte* info);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_get_id")]
    public static partial byte* DeviceId(byte* info);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_get_name")]
    public static partial byte* DeviceName(byte* info);

    // PCMs by their names

    /// <summary>A list that ends with a null pointer, to be given back with <see cref="FreeHints"/>; all cards are -1.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_device_name_hint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetHints(int card, string kind, out void** hints);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_device_name_free_hint")]
    public static partial int FreeHints(void** hints);

    /// <summary>The value of NAME, DESC or IOID; null where the hint has none.</summary>
    public static string? Hint(void* hint, string id)
    {
        var text = GetHint(hint, id);
        try
        {
            return text is null ? null : Text(text);
        }
        finally
        {
            NativeMemory.Free(text);
        }
    }

    /// <summary>Whether the configuration, as it is on disk now, has something of this name, like "pcm.default".</summary>
    public static bool HasConfiguration(string key)
    {
        if (UpdateConfiguration(out var top) < 0)
        {
            return false;
        }

        try
        {
            return SearchConfiguration(top, key, out _) >= 0;
        }
        finally
        {
            ReleaseConfiguration(top);
        }
    }

    // Texts

    /// <summary>Text of the native side as it is; what is no UTF-8 becomes U+FFFD.</summary>
    public static string Text(byte* text) => text is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_device_name_get_hint", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* GetHint(void* hint, string id);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_config_update_ref")]
    private static partial int UpdateConfiguration(out nint top);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_config_search", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SearchConfiguration(nint top, string key, out nint found);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_config_unref")]
    private static partial void ReleaseConfiguration(nint top);
}
