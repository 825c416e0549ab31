using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace Isr.Audio.Levels;

/// <summary>
/// What stands at the beginning of a level file (docs/formats.md). Integers are little-endian.
/// <code>
///  0  magic, 8 bytes       8  version, 2      10  planes, 2     12  sample rate, 4   16  channels, 4
/// 20  window samples, 4   24  samples, 8      32  recording's bytes, 8               40  its time of modification, 8
/// 48  for each plane: name, 16; encoding, 1; width, 1; 0, 2; length, 4; CRC-32C, 4     then  CRC-32C of all before, 4
/// </code>
/// </summary>
public sealed class LevelFileHead
{
    internal const ushort Version = 3;
    internal const int FixedBytes = 48;
    internal const int PlaneBytes = 28;
    internal const int CrcBytes = 4;
    internal const int NameBytes = 16;
    internal const int MaxPlanes = RecordingLevels.MaxChannels + 64;

    /// <summary>Names that need not be made for each file that is read.</summary>
    private static readonly string[] s_usualNames = ["blocks", "rms", "min", "max", "peak.1", "peak.2", "clipped"];

    /// <summary>No head is longer.</summary>
    public const int MaxBytes = FixedBytes + (MaxPlanes * PlaneBytes) + CrcBytes;

    internal LevelFileHead(int sampleRate, int channels, int windowSamples, long samples, RecordingKey key, IReadOnlyList<LevelPlane> planes) =>
        (SampleRate, Channels, WindowSamples, Samples, Key, Planes) = (sampleRate, channels, windowSamples, samples, key, planes);

    internal static ReadOnlySpan<byte> Magic => "isrlevel"u8;

    public int SampleRate { get; }

    public int Channels { get; }

    public int WindowSamples { get; }

    public long Samples { get; }

    public RecordingKey Key { get; }

    /// <summary>Bytes of the head.</summary>
    public int Bytes => FixedBytes + (Planes.Count * PlaneBytes) + CrcBytes;

    /// <summary>Bytes of the whole file.</summary>
    public long FileBytes => Planes.Count == 0 ? Bytes : Planes[^1].Offset + Planes[^1].Length;

    internal IReadOnlyList<LevelPlane> Planes { get; }

    /// <summary>How many there should be of so many samples; nothing has been believed yet.</summary>
    internal long Windows => (Samples / WindowSamples) + (Samples % WindowSamples == 0 ? 0 : 1);

    /// <summary>Reads a head; what follows it need not be there. False for anything else, damage, and later versions.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out LevelFileHead? head)
    {
        head = null;
        if (file.Length < FixedBytes + CrcBytes || !file.StartsWith(Magic) || BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) != Version)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[10..]);
        var end = FixedBytes + (count * PlaneBytes);
        if (count > MaxPlanes || file.Length < end + CrcBytes || BinaryPrimitives.ReadUInt32LittleEndian(file[end..]) != Crc(file[..end]))
        {
            return false;
        }

        var (rate, channels, window) = (BinaryPrimitives.ReadInt32LittleEndian(file[12..]), BinaryPrimitives.ReadInt32LittleEndian(file[16..]), BinaryPrimitives.ReadInt32LittleEndian(file[20..]));
        var (samples, bytes, modified) = (BinaryPrimitives.ReadInt64LittleEndian(file[24..]), BinaryPrimitives.ReadInt64LittleEndian(file[32..]), BinaryPrimitives.ReadInt64LittleEndian(file[40..]));
        if (rate <= 0 || channels is <= 0 or > RecordingLevels.MaxChannels || window <= 0 || samples < 0 || bytes < 0 || modified < 0 || modified > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        var planes = new LevelPlane[count];
        var offset = (long)end + CrcBytes;
        for (var i = 0; i < planes.Length; i++)
        {
            var entry = file[(FixedBytes + (i * PlaneBytes))..];
            var length = BinaryPrimitives.ReadInt32LittleEndian(entry[20..]);
            if (length < 0)
            {
                return false;
            }

            planes[i] = new LevelPlane(
                NameOf(entry[..NameBytes].TrimEnd((byte)0)), (LevelEncoding)entry[16], entry[17], offset, length, BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]));
            offset += length;
        }

        head = new LevelFileHead(rate, channels, window, samples, new RecordingKey(bytes, new DateTime(modified, DateTimeKind.Utc)), planes);
        return true;
    }

    internal void Write(Span<byte> bytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], (ushort)Planes.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], WindowSamples);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], Samples);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Key.Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Key.ModifiedUtc.Ticks);
        for (var i = 0; i < Planes.Count; i++)
        {
            var plane = Planes[i];
            var entry = bytes.Slice(FixedBytes + (i * PlaneBytes), PlaneBytes);
            entry.Clear();
            Encoding.Latin1.GetBytes(plane.Name, entry);
            (entry[16], entry[17]) = ((byte)plane.Encoding, (byte)plane.Width);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], plane.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], plane.Crc);
        }

        var end = FixedBytes + (Planes.Count * PlaneBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[end..], Crc(bytes[..end]));
    }

    private static string NameOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var name in s_usualNames)
        {
            if (Ascii.Equals(bytes, name))
            {
                return name;
            }
        }

        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>CRC-32C (Castagnoli), as in the journal.</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
