using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Isr.Recording.Journal;

/// <summary>
/// One line of the journal: a JSON object whose last member "crc" is the CRC-32C (RFC 3720 section 12.1) of all
/// bytes before it, so that a line that was cut or changed is known.
/// </summary>
internal static class JournalLine
{
    private const int CrcDigits = 8;

    private static ReadOnlySpan<byte> CrcMember => ",\"crc\":\""u8;

    /// <summary>The line with its line feed.</summary>
    public static byte[] Format(JournalEntry entry) => Seal(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));

    /// <summary>The line, with its line feed, of any JSON object that has members.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> json)
    {
        var body = json[..^1];
        return [.. body, .. CrcMember, .. CrcText(body), .. "\"}\n"u8];
    }

    /// <summary>Reads a line without its line feed; false when it is not whole and true.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out JournalEntry entry)
    {
        entry = null!;
        if (!TryUnseal(line, out var json))
        {
            return false;
        }

        try
        {
            entry = JsonSerializer.Deserialize(json, JournalJson.Default.JournalEntry)!;
            return entry is not null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // A kind that a later version wrote.
            return false;
        }
    }

    /// <summary>The JSON object in a line without its line feed; false when the line is not whole and true.</summary>
    public static bool TryUnseal(ReadOnlySpan<byte> line, out byte[] json)
    {
        var tail = CrcMember.Length + CrcDigits + 2;
        var isTrue = line.Length > tail && line.EndsWith("\"}"u8) && line[^tail..].StartsWith(CrcMember)
            && line.Slice(line.Length - 2 - CrcDigits, CrcDigits).SequenceEqual(CrcText(line[..^tail]));
        json = isTrue ? [.. line[..^tail], (byte)'}'] : [];
        return isTrue;
    }

    private static byte[] CrcText(ReadOnlySpan<byte> body) => Encoding.ASCII.GetBytes(Crc(body).ToString("x8", CultureInfo.InvariantCulture));

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(data))
        {
            crc = BitOperations.Crc32C(crc, eight);
        }

        foreach (var one in data[(data.Length / 8 * 8)..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
