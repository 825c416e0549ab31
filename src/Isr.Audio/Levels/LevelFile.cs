using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Isr.Audio.Levels;

/// <summary>
/// Levels as a file: a head, then the planes by name. Blocks are first, so that they come with the head in one small read, and
/// tell what of the RMS, which is second and raw, need be read at all (<see cref="LevelFileBlocks"/>).
/// docs/formats.md has the bytes. Reading takes any bytes: what is not right in every bit is refused, and memory is at most
/// 8 bytes for each of <see cref="MaxValues"/> besides a copy of the file, whatever it claims.
/// </summary>
public static class LevelFile
{
    /// <summary>Values in all planes together: 24 hours of 34 channels.</summary>
    public const int MaxValues = 1 << 25;

    /// <summary>No file is longer; a value takes less than three bytes.</summary>
    public const long MaxBytes = 3L * MaxValues;

    /// <summary>The peaks of more channels are rounded to every fourth code, so that an hour stays below 300 kB.</summary>
    private const int MostExactChannels = 4;
    private const int CoarseStep = 4;

    private const string Rms = "rms";
    private const string Minimum = "min";
    private const string Maximum = "max";
    private const string Clipped = "clipped";
    private const string Damage = "damage";

    /// <summary>Whether levels of so many samples per channel are few enough to be kept. Who measures what is not his own asks first: a rate of 1 Hz makes a window of every sample.</summary>
    public static bool Holds(long samples, int sampleRate, int channels)
    {
        var window = RecordingLevels.WindowOf(sampleRate);
        return IsHeld((samples / window) + (samples % window == 0 ? 0 : 1), channels);
    }

    /// <summary>The file, or null when there are more than <see cref="MaxValues"/>.</summary>
    public static byte[]? TryWrite(RecordingLevels levels, RecordingKey key)
    {
        if (!IsHeld(levels.Rms.Length, levels.Channels))
        {
            return null;
        }

        var planes = new List<LevelPlane>();
        var parts = new List<byte[]>();
        void Add(string name, LevelEncoding encoding, int width, byte[] bytes)
        {
            planes.Add(new LevelPlane(name, encoding, width, 0, bytes.Length, LevelFileHead.Crc(bytes)));
            parts.Add(bytes);
        }

        void AddDeflated(string name, Func<int, ushort> code)
        {
            var codes = new ushort[levels.Rms.Length];
            for (var i = 0; i < codes.Length; i++)
            {
                codes[i] = code(i);
            }

            var (encoding, bytes) = LevelCoding.WriteDeflated(codes);
            Add(name, encoding, 2, bytes);
        }

        // Only clipped sound is above 16 bits, and only sound above full scale above 24.
        var width = !levels.Rms.Span.ContainsAnyExceptInRange(0u, ushort.MaxValue) ? 2 : !levels.Rms.Span.ContainsAnyExceptInRange(0u, 0xFF_FFFFu) ? 3 : 4;
        var rms = LevelCoding.WriteRaw(levels.Rms.Span, width);
        Add(LevelFileBlocks.Name, LevelEncoding.Raw, LevelFileBlocks.EntryBytes, LevelFileBlocks.Write(levels, LevelBlocks.WindowsOf(levels.SampleRate, levels.WindowSamples), rms, width));
        Add(Rms, LevelEncoding.Raw, width, rms);
        AddDeflated(Minimum, i => LevelCoding.Zigzag((short)CodeOf(levels.Minimum.Span[i], isMinimum: true)));
        AddDeflated(Maximum, i => LevelCoding.Zigzag((short)CodeOf(levels.Maximum.Span[i], isMinimum: false)));
        var step = levels.Channels > MostExactChannels ? CoarseStep : 1;
        foreach (var (channel, peaks) in levels.Peaks.Index())
        {
            AddDeflated(PeakOf(channel), i => (ushort)((Loudest(levels.Minimum.Span[i], levels.Maximum.Span[i]) - ShortFloat.Ceiling(peaks.Span[i])) / step * step));
        }

        AddDeflated(Clipped, i => levels.Clipped.Span[i]);
        if (levels.DamagedFrom is { } damagedFrom)
        {
            var seconds = new byte[sizeof(double)];
            BinaryPrimitives.WriteDoubleLittleEndian(seconds, damagedFrom);
            Add(Damage, LevelEncoding.Raw, sizeof(double), seconds);
        }

        var head = new LevelFileHead(levels.SampleRate, levels.Channels, levels.WindowSamples, levels.Samples, key, planes);
        var file = new byte[head.Bytes + parts.Sum(p => p.Length)];
        head.Write(file);
        var at = head.Bytes;
        foreach (var part in parts)
        {
            part.CopyTo(file, at);
            at += part.Length;
        }

        return file;
    }

    /// <summary>Reads a whole file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out RecordingKey key, [NotNullWhen(true)] out RecordingLevels? levels)
    {
        (key, levels) = (default, null);
        if (!LevelFileHead.TryRead(file, out var head) || !TryFindRms(head, file.Length, out var offset, out var length)
            || !LevelFileBlocks.IsWhole(head, file) || TryReadRms(head, file.Slice((int)offset, length)) is not { } rms
            || SignedValues(file, head, Minimum) is not { } minimum || SignedValues(file, head, Maximum) is not { } maximum
            || Values(file, head, Clipped) is not { } clipped
            || !TryFindDamage(head, out offset, out length) || !TryReadDamage(head, file.Slice((int)offset, length), out var damagedFrom))
        {
            return false;
        }

        var peaks = new ReadOnlyMemory<ushort>[head.Channels];
        for (var i = 0; i < peaks.Length; i++)
        {
            if (Values(file, head, PeakOf(i)) is not { } values)
            {
                return false;
            }

            for (var window = 0; window < values.Length; window++)
            {
                var code = (ushort)(Loudest(minimum[window], maximum[window]) - values[window]);
                if (code > ShortFloat.MaxCode)
                {
                    return false;
                }

                values[window] = (ushort)Math.Min(ShortFloat.ValueOf(code), ushort.MaxValue);
            }

            peaks[i] = values;
        }

        key = head.Key;
        levels = new RecordingLevels
        {
            SampleRate = head.SampleRate,
            Channels = head.Channels,
            WindowSamples = head.WindowSamples,
            Samples = head.Samples,
            Rms = rms,
            Minimum = minimum,
            Maximum = maximum,
            Peaks = peaks,
            Clipped = clipped,
            DamagedFrom = damagedFrom,
        };
        return true;
    }

    /// <summary>Where the RMS lies in a file of that length, for <see cref="TryReadRms"/>: so nothing else need be read.</summary>
    public static bool TryFindRms(LevelFileHead head, long fileBytes, out long offset, out int length)
    {
        (offset, length) = (0, 0);
        if (head.FileBytes != fileBytes || FindRms(head) is not { } plane)
        {
            return false;
        }

        (offset, length) = (plane.Offset, plane.Length);
        return true;
    }

    /// <summary>The RMS of all windows from the bytes that <see cref="TryFindRms"/> names; null when they are damaged.</summary>
    public static uint[]? TryReadRms(LevelFileHead head, ReadOnlySpan<byte> bytes)
    {
        if (FindRms(head) is not { } plane || bytes.Length != plane.Length || LevelFileHead.Crc(bytes) != plane.Crc)
        {
            return null;
        }

        var rms = new uint[bytes.Length / plane.Width];
        LevelCoding.ReadRaw(bytes, plane.Width, rms);
        return rms;
    }

    /// <summary>Where the lowest and the highest samples lie, for <see cref="TryReadExtremes"/>: the planes behind the RMS, one after the other. False when there are none.</summary>
    public static bool TryFindExtremes(LevelFileHead head, out long offset, out int length)
    {
        (offset, length) = (0, 0);
        if (FindRms(head) is null || Find(head, Minimum) is not { } minimum || Find(head, Maximum) is not { } maximum
            || maximum.Offset != minimum.Offset + minimum.Length || minimum.Length > MaxBytes - maximum.Length)
        {
            return false;
        }

        (offset, length) = (minimum.Offset, minimum.Length + maximum.Length);
        return true;
    }

    /// <summary>The lowest and the highest sample of each window, from the bytes that <see cref="TryFindExtremes"/> names; false when they are damaged.</summary>
    public static bool TryReadExtremes(LevelFileHead head, ReadOnlySpan<byte> bytes, out ReadOnlyMemory<short> minimum, out ReadOnlyMemory<short> maximum)
    {
        (minimum, maximum) = (default, default);
        if (Find(head, Minimum) is not { } low || Find(head, Maximum) is not { } high || bytes.Length != low.Length + high.Length
            || SignedValues(bytes[..low.Length], head, low) is not { } lowest || SignedValues(bytes[low.Length..], head, high) is not { } highest)
        {
            return false;
        }

        (minimum, maximum) = (lowest, highest);
        return true;
    }

    /// <summary>The plane with the RMS, whose length is right; null when there is none.</summary>
    internal static LevelPlane? FindRms(LevelFileHead head) =>
        IsHeld(head.Windows, head.Channels) && Find(head, Rms) is { Encoding: LevelEncoding.Raw, Width: 2 or 3 or 4 } plane && plane.Length == head.Windows * plane.Width ? plane : null;

    /// <summary>Where it says from where on the recording is damaged, for <see cref="TryReadDamage"/>; no bytes where it is whole. False when it says nothing that can be.</summary>
    public static bool TryFindDamage(LevelFileHead head, out long offset, out int length)
    {
        (offset, length) = (0, 0);
        if (Find(head, Damage) is not { } plane)
        {
            return true;
        }

        (offset, length) = (plane.Offset, plane.Length);
        return plane is { Encoding: LevelEncoding.Raw, Width: sizeof(double), Length: sizeof(double) };
    }

    /// <summary>Seconds, from the bytes that <see cref="TryFindDamage"/> names; null for a whole recording. False when they are damaged themselves.</summary>
    public static bool TryReadDamage(LevelFileHead head, ReadOnlySpan<byte> bytes, out double? seconds)
    {
        seconds = null;
        if (Find(head, Damage) is not { } plane)
        {
            return true;
        }

        var read = bytes.Length == sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : double.NaN;
        seconds = read;
        return LevelFileHead.Crc(bytes) == plane.Crc && double.IsFinite(read) && read >= 0;
    }

    private static string PeakOf(int channel) => string.Create(CultureInfo.InvariantCulture, $"peak.{channel + 1}");

    private static bool IsHeld(long windows, int channels) => windows <= MaxValues / (channels + 4);

    internal static LevelPlane? Find(LevelFileHead head, string name)
    {
        foreach (var plane in head.Planes)
        {
            if (plane.Name == name)
            {
                return plane;
            }
        }

        return null;
    }

    private static ushort[]? Values(ReadOnlySpan<byte> file, LevelFileHead head, string name) =>
        Find(head, name) is { } plane ? Values(file.Slice((int)plane.Offset, plane.Length), head, plane) : null;

    private static ushort[]? Values(ReadOnlySpan<byte> bytes, LevelFileHead head, LevelPlane plane) =>
        plane is { Width: 2, Encoding: LevelEncoding.Deflated or LevelEncoding.DeflatedDeltas } && LevelFileHead.Crc(bytes) == plane.Crc
            ? LevelCoding.TryReadDeflated(bytes, plane.Encoding, (int)head.Windows)
            : null;

    private static short[]? SignedValues(ReadOnlySpan<byte> file, LevelFileHead head, string name) =>
        Find(head, name) is { } plane ? SignedValues(file.Slice((int)plane.Offset, plane.Length), head, plane) : null;

    private static short[]? SignedValues(ReadOnlySpan<byte> bytes, LevelFileHead head, LevelPlane plane)
    {
        if (Values(bytes, head, plane) is not { } codes)
        {
            return null;
        }

        var values = new short[codes.Length];
        for (var i = 0; i < values.Length; i++)
        {
            int code = LevelCoding.Unzigzag(codes[i]);
            if (Math.Abs(code) > ShortFloat.MaxCode)
            {
                return null;
            }

            values[i] = ValueOf(code);
        }

        return values;
    }

    private static short ValueOf(int code) => (short)Math.Clamp(Math.Sign(code) * ShortFloat.ValueOf(Math.Abs(code)), short.MinValue, short.MaxValue);

    /// <summary>Rounded outward, so that nothing looks smaller than it was.</summary>
    private static int CodeOf(int value, bool isMinimum) => isMinimum ? -SignedCeiling(-value) : SignedCeiling(value);

    /// <summary>What is read again of an extreme that was written.</summary>
    internal static short Kept(short value, bool isMinimum) => ValueOf(CodeOf(value, isMinimum));

    /// <summary>The code of the largest sample of any channel, from which the channels' own are told: the same of rounded extremes.</summary>
    private static int Loudest(short minimum, short maximum) => ShortFloat.Ceiling(Math.Max(-minimum, maximum));

    /// <summary>Up in value, so away from zero above it and towards it below.</summary>
    private static int SignedCeiling(int value) => value < 0 ? -ShortFloat.Floor(-value) : ShortFloat.Ceiling(value);
}
