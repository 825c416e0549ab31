using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Isr.Audio.Icy;

/// <summary>Reads ICY metadata: <c>StreamTitle='Artist - Title';StreamUrl='…';</c>, in no declared encoding, nothing escaped.</summary>
public static class IcyMetadata
{
    /// <summary>The longest title that is given out.</summary>
    public const int MaxTitleChars = 512;

    // 0x80 to 0x9F as Windows has them; what says Latin-1 is mostly this, and Latin-1 has only control characters there.
    private const string Windows1252 =
        "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0"
        + "\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

    private static ReadOnlySpan<byte> TitleKey => "StreamTitle='"u8;

    /// <summary>False when the block names no title; the title may be empty.</summary>
    public static bool TryGetTitle(ReadOnlySpan<byte> metadata, out string title)
    {
        title = "";
        var key = metadata.IndexOf(TitleKey);
        if (key < 0)
        {
            return false;
        }

        var value = metadata[(key + TitleKey.Length)..].TrimEnd((byte)0);
        title = Decode(value[..LengthOfValue(value)]);
        return true;
    }

    // Quotes and semicolons stand in titles as they are. The value ends at the first '; that the end or another key
    // follows, else (a cut block) at the last quote, else nowhere.
    private static int LengthOfValue(ReadOnlySpan<byte> value)
    {
        for (var at = 0; ;)
        {
            var end = value[at..].IndexOf("';"u8);
            if (end < 0)
            {
                return value.EndsWith("'"u8) ? value.Length - 1 : value.Length;
            }

            at += end;
            var rest = value[(at + 2)..].TrimStart(" \r\n"u8);
            if (rest.IsEmpty || BeginsWithKey(rest))
            {
                return at;
            }

            at += 2;
        }
    }

    private static bool BeginsWithKey(ReadOnlySpan<byte> rest)
    {
        var letters = 0;
        while (letters < rest.Length && char.IsAsciiLetterOrDigit((char)rest[letters]))
        {
            letters++;
        }

        return letters > 0 && rest[letters..].StartsWith("='"u8);
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var characters = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : DecodeWindows1252(bytes);
        var title = new StringBuilder(characters.Length);
        foreach (var rune in characters.EnumerateRunes())
        {
            if (title.Length + rune.Utf16SequenceLength > MaxTitleChars)
            {
                break;
            }

            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                title.Append(rune.ToString());
            }
        }

        return title.ToString().Trim();
    }

    private static string DecodeWindows1252(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (characters, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            characters[i] = source[i] is >= 0x80 and <= 0x9F and var value ? Windows1252[value - 0x80] : (char)source[i];
        }
    });
}
