using System.Globalization;

namespace Isr.Playback;

/// <summary>The part of a file that a request asks for (RFC 9110, section 14).</summary>
/// <param name="First">Its first byte.</param>
/// <param name="Length">How many; 0 where the range lies outside the file and cannot be satisfied.</param>
internal readonly record struct ByteRange(long First, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads a Range header. Null where it is to be passed over, and the whole is the answer: another unit, no valid range, and more
    /// ranges than one. A server may ignore these (section 14.2), and no player asks for them: who does, gets all in one piece.
    /// </summary>
    public static ByteRange? Parse(string header, long size)
    {
        if (!header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var range = header.AsSpan(Unit.Length).Trim(" \t,");
        var dash = range.IndexOf('-');
        if (dash < 0 || range.Contains(',') || !TryRead(range[..dash], out var first) || !TryRead(range[(dash + 1)..], out var last))
        {
            return null;
        }

        return (first, last) switch
        {
            (null, null) => null,
            (null, { } suffix) => new ByteRange(Math.Max(0, size - suffix), Math.Min(suffix, size)),
            ({ } from, { } to) when to < from => null,
            ({ } from, _) when from >= size => new ByteRange(0, 0),
            ({ } from, _) => new ByteRange(from, Math.Min(last ?? long.MaxValue, size - 1) - from + 1),
        };
    }

    /// <summary>Digits alone, or nothing. A number that is too large for any file is as large as there is.</summary>
    private static bool TryRead(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}
