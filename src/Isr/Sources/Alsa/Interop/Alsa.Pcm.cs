using System.Runtime.InteropServices;
using Isr.Interop;

namespace Isr.Sources.Alsa.Interop;

/// <summary>
/// Capture by libasound. Every call that can fail answers below 0 with an errno, negated (<see cref="AlsaError"/>).
/// <c>snd_pcm_uframes_t</c> is <c>unsigned long</c>. The opaque parameter blocks are plain memory of the size that the
/// library names; what it does with them never keeps their address.
/// </summary>
internal static unsafe partial class Alsa
{
    public const int AccessInterleaved = 3;
    public const int StateRunning = 3;
    public const int StateSuspended = 7;
    public const int TimestampEnabled = 1;
    public const int TimestampMonotonic = 1;

    private const int NonBlocking = 1;

    // Life

    /// <summary>Without waiting for a device that another has; nor will any call on it wait for data.</summary>
    public static int OpenPcm(out SafePcmHandle pcm, string name) => OpenPcm(out pcm, name, Capture, NonBlocking);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_close")]
    public static partial int ClosePcm(nint pcm);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_sizeof")]
    public static partial nuint PcmInfoBytes();

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info")]
    public static partial int GetPcmInfo(SafePcmHandle pcm, byte[] info);

    /// <summary>Text within the information.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_info_get_name")]
    public static partial byte* PcmInfoName(byte* info);

    // What the hardware does. Setting narrows what is possible; "near" takes the nearest and says which.

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_sizeof")]
    public static partial nuint HardwareBytes();

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_any")]
    public static partial int AllowAny(SafePcmHandle pcm, byte[] hardware);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_set_access")]
    public static partial int SetAccess(SafePcmHandle pcm, byte[] hardware, int access);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_test_rate")]
    public static partial int TestRate(SafePcmHandle pcm, byte[] hardware, uint rate, int direction);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_set_rate")]
    public static partial int SetRate(SafePcmHandle pcm, byte[] hardware, uint rate, int direction);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_set_format")]
    public static partial int SetFormat(SafePcmHandle pcm, byte[] hardware, int format);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_test_format")]
    public static partial int TestFormat(SafePcmHandle pcm, byte[] hardware, int format);

    /// <summary>Null for a number that is not used, or not yet known to this libasound.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_format_name")]
    public static partial byte* FormatName(int format);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_get_channels_min")]
    public static partial int GetLeastChannels(byte[] hardware, out uint channels);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_get_channels_max")]
    public static partial int GetMostChannels(byte[] hardware, out uint channels);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_test_channels")]
    public static partial int TestChannels(SafePcmHandle pcm, byte[] hardware, uint channels);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_set_channels")]
    public static partial int SetChannels(SafePcmHandle pcm, byte[] hardware, uint channels);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_set_buffer_size_near")]
    public static partial int SetBufferNear(SafePcmHandle pcm, byte[] hardware, ref nuint frames);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params_set_period_size_near")]
    public static partial int SetPeriodNear(SafePcmHandle pcm, byte[] hardware, ref nuint frames, ref int direction);

    /// <summary>Sets the device up, which is then prepared.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_hw_params")]
    public static partial int SetHardware(SafePcmHandle pcm, byte[] hardware);

    // How it is waited for and stamped

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_sw_params_sizeof")]
    public static partial nuint SoftwareBytes();

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_sw_params_current")]
    public static partial int GetSoftware(SafePcmHandle pcm, byte[] software);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_sw_params_set_avail_min")]
    public static partial int SetWakeAt(SafePcmHandle pcm, byte[] software, nuint frames);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_sw_params_set_tstamp_mode")]
    public static partial int SetTimestampMode(SafePcmHandle pcm, byte[] software, int mode);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_sw_params_set_tstamp_type")]
    public static partial int SetTimestampType(SafePcmHandle pcm, byte[] software, int type);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_sw_params")]
    public static partial int SetSoftware(SafePcmHandle pcm, byte[] software);

    // Capture

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_prepare")]
    public static partial int Prepare(SafePcmHandle pcm);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_start")]
    public static partial int Start(SafePcmHandle pcm);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_resume")]
    public static partial int Resume(SafePcmHandle pcm);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_state")]
    public static partial int State(SafePcmHandle pcm);

    /// <summary>1 when as much is there as was asked for, 0 after the timeout.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_wait")]
    public static partial int Wait(SafePcmHandle pcm, int milliseconds);

    /// <summary>Has the device's position brought up to date; the frames that can be read.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_avail_update")]
    public static partial nint UpdateAvailable(SafePcmHandle pcm);

    /// <summary>How many frames could be read at which moment.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_htimestamp")]
    public static partial int GetTimestamp(SafePcmHandle pcm, out nuint available, out PcmTime time);

    /// <summary>The frames that were read.</summary>
    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_readi")]
    public static partial nint Read(SafePcmHandle pcm, byte[] buffer, nuint frames);

    [LibraryImport(NativeLibraries.Alsa, EntryPoint = "snd_pcm_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPcm(out SafePcmHandle pcm, string name, int stream, int mode);
}

/// <summary>A <c>struct timespec</c> of 64-bit systems; smaller ones fit into it and are seen to make no sense.</summary>
internal readonly struct PcmTime
{
    public readonly long Seconds;
    public readonly long Nanoseconds;
}
