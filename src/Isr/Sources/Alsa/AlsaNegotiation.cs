using System.Runtime.InteropServices;
using System.Text;
using Isr.Audio.Pcm;
using Isr.Configuration;
using Isr.Sources.Alsa.Interop;

namespace Isr.Sources.Alsa;

/// <summary>
/// Finds, of all that a device can do, what is nearest to the settings. The rate is exact or refused; of the rest as much as
/// there is.
/// </summary>
internal static class AlsaNegotiation
{
    /// <summary>What a computer that is held up may be late with reading; more is no use, less is an overrun.</summary>
    private static readonly double[] s_bufferSeconds = [4, 2];

    /// <summary>Ten wake-ups a second cost next to nothing and are soon enough for the file.</summary>
    private const double PeriodSeconds = 0.1;

    /// <summary>A device with few but long periods gives its samples late; half the buffer may make them shorter.</summary>
    private const double LongestPeriodSeconds = 0.25;

    /// <summary>Some PCMs say that they have thousands.</summary>
    public const int MostChannels = 256;

    private static readonly int[] s_rates =
        [8000, 11025, 16000, 22050, 32000, 44100, 48000, 64000, 88200, 96000, 176400, 192000, 384000];

    private static readonly SampleFormat[] s_formats16 =
        [SampleFormat.S16, SampleFormat.S24Packed, SampleFormat.S24, SampleFormat.S32, SampleFormat.Real];

    private static readonly SampleFormat[] s_formats24 =
        [SampleFormat.S24Packed, SampleFormat.S24, SampleFormat.S32, SampleFormat.Real, SampleFormat.S16];

    /// <summary>Sets the device up; null with a sentence where it cannot do what is needed.</summary>
    public static (AlsaParameters? Parameters, string Sentence) SetUp(SafePcmHandle pcm, string name, string title, SourceSettings settings)
    {
        var hardware = new byte[(int)Interop.Alsa.HardwareBytes()];
        var error = Interop.Alsa.AllowAny(pcm, hardware);
        if (error < 0 || (error = Interop.Alsa.SetAccess(pcm, hardware, Interop.Alsa.AccessInterleaved)) < 0)
        {
            return (null, $"{name} cannot be captured from: {AlsaError.Describe(error)}");
        }

        if (Interop.Alsa.SetRate(pcm, hardware, (uint)settings.SampleRate, 0) < 0)
        {
            return (null, RateSentence(pcm, hardware, name, settings.SampleRate));
        }

        var notes = new List<string>();
        if (ChooseFormat(pcm, hardware, settings.Bits) is not { } format)
        {
            return (null, $"{name} has no sample format that can be recorded (16, 24 or 32 bits, or float): set device = {Plugged(name)}");
        }

        var bits = format == SampleFormat.S16 ? 16 : settings.Bits;
        if (bits < settings.Bits)
        {
            notes.Add($"{name} has 16 bits; recorded with 16 in place of {settings.Bits}");
        }

        if (ChooseChannels(pcm, hardware, settings) is not { } channels)
        {
            return (null, $"{name} has no number of channels that can be recorded: set device = {Plugged(name)}");
        }

        if (settings.Channel > channels)
        {
            return (null, $"{name} has {Count(channels)}, so there is no channel {settings.Channel}: set channel to 1{(channels > 1 ? $" to {channels}" : "")}");
        }

        var taken = settings.Channel is null ? Math.Min(channels, settings.Channels) : 1;
        if (settings.Channel is null && channels != settings.Channels)
        {
            notes.Add(channels < settings.Channels
                ? $"{name} has {Count(channels)}; recorded with {channels} in place of {settings.Channels}"
                : $"{name} has {Count(channels)}; the first {(taken == 1 ? "is" : $"{taken} are")} recorded");
        }

        var (buffer, _) = ChooseBuffer(pcm, ref hardware, settings.SampleRate);
        if ((error = Interop.Alsa.SetHardware(pcm, hardware)) < 0)
        {
            return (null, $"{name} refuses {settings.SampleRate} Hz with {Count(channels)}: {AlsaError.Describe(error)}");
        }

        var wake = (int)Math.Clamp(settings.SampleRate * PeriodSeconds, 1, Math.Max(1, buffer / 2));
        if ((error = SetSoftware(pcm, wake)) < 0)
        {
            return (null, $"{name} cannot be captured from: {AlsaError.Describe(error)}");
        }

        return (new AlsaParameters
        {
            Pcm = name,
            Name = title != name ? title : NameOf(pcm) is { Length: > 0 } own ? own : name,
            SampleRate = settings.SampleRate,
            Conversion = new SampleConversion(format, channels, (settings.Channel ?? 1) - 1, taken, bits),
            BufferMoments = buffer,
            Notes = notes,
        }, "");
    }

    /// <summary>Of the usual rates those that a device has, in hertz.</summary>
    public static IReadOnlyList<int> RatesOf(SafePcmHandle pcm, byte[] hardware) =>
        [.. s_rates.Where(rate => Interop.Alsa.TestRate(pcm, hardware, (uint)rate, 0) >= 0)];

    private static SampleFormat? ChooseFormat(SafePcmHandle pcm, byte[] hardware, int bits)
    {
        foreach (var format in bits == 16 ? s_formats16 : s_formats24)
        {
            if (Interop.Alsa.TestFormat(pcm, hardware, NumberOf(format)) >= 0 && Interop.Alsa.SetFormat(pcm, hardware, NumberOf(format)) >= 0)
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>As many as configured, else the next more, else the most below.</summary>
    private static int? ChooseChannels(SafePcmHandle pcm, byte[] hardware, SourceSettings settings)
    {
        var more = Enumerable.Range(settings.Channels, MostChannels - settings.Channels + 1);
        var fewer = Enumerable.Range(1, settings.Channels - 1).Reverse();
        foreach (var channels in more.Concat(fewer))
        {
            if (Interop.Alsa.TestChannels(pcm, hardware, (uint)channels) >= 0 && Interop.Alsa.SetChannels(pcm, hardware, (uint)channels) >= 0)
            {
                return channels;
            }
        }

        return null;
    }

    private static (int Buffer, int Period) ChooseBuffer(SafePcmHandle pcm, ref byte[] hardware, int rate)
    {
        var best = (Hardware: hardware, Buffer: rate, Period: rate);
        foreach (var seconds in s_bufferSeconds)
        {
            var tried = (byte[])hardware.Clone();
            var (buffer, period, direction) = ((nuint)(rate * seconds), (nuint)(rate * PeriodSeconds), 0);
            if (Interop.Alsa.SetBufferNear(pcm, tried, ref buffer) < 0 || Interop.Alsa.SetPeriodNear(pcm, tried, ref period, ref direction) < 0)
            {
                continue;
            }

            var isFirst = ReferenceEquals(best.Hardware, hardware);
            if (isFirst || (int)period < best.Period)
            {
                best = (tried, (int)buffer, (int)period);
            }

            if (period <= rate * LongestPeriodSeconds)
            {
                break;
            }
        }

        hardware = best.Hardware;
        return (best.Buffer, best.Period);
    }

    /// <summary>Stamps of the monotonic clock where there are such; else the reader sees that they are of another.</summary>
    private static int SetSoftware(SafePcmHandle pcm, int wake)
    {
        var software = new byte[(int)Interop.Alsa.SoftwareBytes()];
        int error;
        if ((error = Interop.Alsa.GetSoftware(pcm, software)) < 0 || (error = Interop.Alsa.SetWakeAt(pcm, software, (nuint)wake)) < 0)
        {
            return error;
        }

        var plain = (byte[])software.Clone();
        return Interop.Alsa.SetTimestampMode(pcm, software, Interop.Alsa.TimestampEnabled) >= 0
            && Interop.Alsa.SetTimestampType(pcm, software, Interop.Alsa.TimestampMonotonic) >= 0
            && Interop.Alsa.SetSoftware(pcm, software) >= 0
                ? 0
                : Interop.Alsa.SetSoftware(pcm, plain);
    }

    private static string RateSentence(SafePcmHandle pcm, byte[] hardware, string name, int wanted)
    {
        var rates = RatesOf(pcm, hardware);
        if (rates.Count == 0)
        {
            return $"{name} does not do {wanted} Hz: set device = {Plugged(name)} to have it converted";
        }

        var nearest = rates.MinBy(rate => Math.Abs(Math.Log((double)rate / wanted)));
        return $"{name} does not do {wanted} Hz; it does {string.Join(", ", rates)}: set sample_rate = {nearest}, or device = {Plugged(name)} to have it converted";
    }

    /// <summary>The same device behind a PCM that converts.</summary>
    private static string Plugged(string name) =>
        name.StartsWith("hw:", StringComparison.Ordinal) ? "plug" + name
        : name.AsSpan().IndexOfAny(":,") >= 0 ? $"plug:'{name}'"
        : $"plug:{name}";

    private static unsafe string NameOf(SafePcmHandle pcm)
    {
        var info = new byte[(int)Interop.Alsa.PcmInfoBytes()];
        if (Interop.Alsa.GetPcmInfo(pcm, info) < 0)
        {
            return "";
        }

        fixed (byte* start = info)
        {
            var name = Interop.Alsa.PcmInfoName(start);
            var text = name is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
            return string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        }
    }

    private static string Count(int channels) => channels == 1 ? "1 channel" : $"{channels} channels";

    // SND_PCM_FORMAT_…
    private static int NumberOf(SampleFormat format) => format switch
    {
        SampleFormat.S16 => 2,
        SampleFormat.S24Packed => 32,
        SampleFormat.S24 => 6,
        SampleFormat.S32 => 10,
        _ => 14,
    };
}
