using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Isr.Naming;

/// <summary>
/// A compiled <c>filename_pattern</c>: strftime as POSIX has it in the C locale, with glibc's
/// <c>%-d</c>, <c>%k</c>, <c>%l</c> and <c>%s</c>. A <c>/</c> makes folders; there is no extension.
/// </summary>
internal sealed class FileNamePattern
{
    public const string DefaultText = "%Y%m%d_%H%M%S";

    private const string NumericCodes = "CdeGgHIjklmMsSuUVwWyY";
    private const string TextCodes = "aAbBhpzZ";

    // What POSIX lets follow %E and %O. The C locale has no alternative forms: they change nothing.
    private const string CodesAfterE = "cCxXyY";
    private const string CodesAfterO = "deHImMSuUVwWy";

    // A file system takes 255 bytes a name: "_2" and the extension need some of them.
    private const int MaxComponentBytes = 240;
    private const int MaxBytes = 1000;

    private FileNamePattern(string text, IReadOnlyList<FileNamePiece> pieces)
    {
        Text = text;
        Pieces = pieces;
        FolderCount = pieces.Sum(p => p.Literal?.Count(c => c == '/') ?? 0);
    }

    public static FileNamePattern Default { get; } =
        TryParse(DefaultText, out var pattern, out _) ? pattern : throw new InvalidOperationException(DefaultText);

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>How many folders stand before the file's name.</summary>
    public int FolderCount { get; }

    internal IReadOnlyList<FileNamePiece> Pieces { get; }

    /// <summary>Compiles a pattern; false with a sentence about what is wrong with it.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FileNamePattern? pattern,
        [NotNullWhen(false)] out string? mistake)
    {
        pattern = null;
        var pieces = new List<FileNamePiece>();
        mistake = Compile(text, pieces) ?? CheckPath(pieces);
        if (mistake is not null)
        {
            return false;
        }

        var compiled = new FileNamePattern(text, pieces);
        mistake = compiled.CheckLength();
        pattern = mistake is null ? compiled : null;
        return pattern is not null;
    }

    /// <summary>The name of a file that begins at this moment.</summary>
    /// <param name="local">The moment, in the offset that names are written in.</param>
    /// <param name="zoneName">What <c>%Z</c> stands for, such as <c>CEST</c>.</param>
    public string Format(DateTimeOffset local, string zoneName)
    {
        var name = new StringBuilder();
        foreach (var piece in Pieces)
        {
            if (piece.Literal is not null)
            {
                name.Append(piece.Literal);
            }
            else
            {
                Append(name, piece, local, zoneName);
            }
        }

        return name.ToString();
    }

    /// <summary>The zone's short name at an instant, as far as the system tells it; else its offset.</summary>
    public static string ZoneNameAt(TimeZoneInfo zone, DateTimeOffset instant)
    {
        var name = zone.IsDaylightSavingTime(instant) ? zone.DaylightName : zone.StandardName;
        if (name.Length is > 0 and <= 10 && name[0] is not ('+' or '-'))
        {
            return name;
        }

        // Zones without a name are called by their offset, +01 or +0545; UTC alone has a long name here.
        var offset = Offset(zone.GetUtcOffset(instant));
        return zone.HasSameRules(TimeZoneInfo.Utc) ? "UTC"
            : offset.EndsWith("00", StringComparison.Ordinal) ? offset[..3]
            : offset;
    }

    public override string ToString() => Text;

    private static string? Compile(string text, List<FileNamePiece> pieces)
    {
        if (text.Length == 0)
        {
            return "is empty";
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return "control characters are not allowed in file names";
            }

            if (text[i] != '%')
            {
                pieces.Add(FileNamePiece.Of(text[i]));
                continue;
            }

            var start = i++;
            var flag = i < text.Length && text[i] is '-' or 'E' or 'O' ? text[i++] : '\0';
            if (i >= text.Length)
            {
                return $"{text[start..]} at the end is not finished (%% stands for a percent sign)";
            }

            if (CompileCode(flag, text[i], pieces) is { } mistake)
            {
                return char.IsControl(text[i]) || char.IsSurrogate(text[i])
                    ? "unknown code after %"
                    : $"{text[start..(i + 1)]}: {mistake}";
            }
        }

        return null;
    }

    private static string? CompileCode(char flag, char code, List<FileNamePiece> pieces)
    {
        var isAllowed = flag switch
        {
            '-' => NumericCodes.Contains(code),
            'E' => CodesAfterE.Contains(code),
            'O' => CodesAfterO.Contains(code),
            _ => true,
        };
        if (!isAllowed)
        {
            return "unknown code";
        }

        if (code is 'n' or 't')
        {
            return "a line break or tab is not allowed in file names";
        }

        var expansion = code switch
        {
            'c' => "%a %b %e %H:%M:%S %Y",
            'D' or 'x' => "%m/%d/%y",
            'F' => "%Y-%m-%d",
            'r' => "%I:%M:%S %p",
            'R' => "%H:%M",
            'T' or 'X' => "%H:%M:%S",
            _ => null,
        };
        if (expansion is not null)
        {
            return Compile(expansion, pieces);
        }

        if (code == '%')
        {
            pieces.Add(FileNamePiece.Of('%'));
            return null;
        }

        if (!NumericCodes.Contains(code) && !TextCodes.Contains(code))
        {
            return "unknown code";
        }

        pieces.Add(new FileNamePiece(null, code, IsUnpadded: flag == '-'));
        return null;
    }

    private static string? CheckPath(List<FileNamePiece> pieces)
    {
        // Codes never give a dot or a slash of their own, so any other character may stand for them.
        var path = string.Concat(pieces.Select(p => p.Literal ?? "0"));
        if (path.StartsWith('/'))
        {
            return "must not start with /: it is relative to output_directory";
        }

        if (path.EndsWith('/'))
        {
            return "must not end with /: the file's name is missing";
        }

        foreach (var component in path.Split('/'))
        {
            switch (component)
            {
                case "":
                    return "two slashes in a row: a folder has no name";
                case "." or "..":
                    return "must not hold . or .. as a folder";
                case ['.', ..]:
                    return "a name must not start with a dot: hidden files are not listed";
            }
        }

        return pieces.Exists(p => p.Literal is null && p.Code is not ('z' or 'Z'))
            ? null
            : "needs at least one code for the time, or all files would have one name";
    }

    private string? CheckLength()
    {
        // A Wednesday in September: both have the longest names.
        var longest = Format(new DateTimeOffset(2026, 9, 30, 22, 50, 50, TimeSpan.Zero), "+1234");
        return Encoding.UTF8.GetByteCount(longest) > MaxBytes
               || longest.Split('/').Any(c => Encoding.UTF8.GetByteCount(c) > MaxComponentBytes)
            ? $"is too long: at most {MaxComponentBytes} bytes a name, {MaxBytes} in all"
            : null;
    }

    private static void Append(StringBuilder name, FileNamePiece piece, DateTimeOffset time, string zoneName)
    {
        var text = piece.Code switch
        {
            'a' => time.ToString("ddd", CultureInfo.InvariantCulture),
            'A' => time.ToString("dddd", CultureInfo.InvariantCulture),
            'b' or 'h' => time.ToString("MMM", CultureInfo.InvariantCulture),
            'B' => time.ToString("MMMM", CultureInfo.InvariantCulture),
            'p' => time.Hour < 12 ? "AM" : "PM",
            'z' => Offset(time.Offset),
            'Z' => Safe(zoneName),
            _ => null,
        };
        if (text is not null)
        {
            name.Append(text);
            return;
        }

        var (width, padding) = Width(piece.Code);
        var digits = Number(piece.Code, time).ToString(CultureInfo.InvariantCulture);
        name.Append(piece.IsUnpadded ? digits : digits.PadLeft(width, padding));
    }

    /// <summary>Digits that a numeric code has at least, and what fills them up.</summary>
    internal static (int Width, char Padding) Width(char code) => code switch
    {
        'e' or 'k' or 'l' => (2, ' '),
        'u' or 'w' or 's' => (1, '0'),
        'j' => (3, '0'),
        'Y' or 'G' => (4, '0'),
        _ => (2, '0'),
    };

    private static long Number(char code, DateTimeOffset time)
    {
        var dayOfYear = time.DayOfYear - 1;
        var sunday = (int)time.DayOfWeek;
        var monday = (sunday + 6) % 7;
        return code switch
        {
            'C' => time.Year / 100,
            'd' or 'e' => time.Day,
            'G' => ISOWeek.GetYear(time.DateTime),
            'g' => ISOWeek.GetYear(time.DateTime) % 100,
            'H' or 'k' => time.Hour,
            'I' or 'l' => (time.Hour + 11) % 12 + 1,
            'j' => time.DayOfYear,
            'm' => time.Month,
            'M' => time.Minute,
            's' => time.ToUnixTimeSeconds(),
            'S' => time.Second,
            'u' => monday + 1,
            'U' => (dayOfYear + 7 - sunday) / 7,
            'V' => ISOWeek.GetWeekOfYear(time.DateTime),
            'w' => sunday,
            'W' => (dayOfYear + 7 - monday) / 7,
            'y' => time.Year % 100,
            _ => time.Year,
        };
    }

    private static string Offset(TimeSpan offset)
    {
        var minutes = Math.Abs((int)offset.TotalMinutes);
        return string.Create(
            CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{minutes / 60:D2}{minutes % 60:D2}");
    }

    /// <summary>A zone's name comes from the system: it may not make folders or hide the file.</summary>
    private static string Safe(string zoneName) =>
        zoneName.Length == 0
            ? "_"
            : string.Concat(zoneName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' ? c : '_'));
}

/// <summary>One character of text, or one code.</summary>
internal readonly record struct FileNamePiece(string? Literal, char Code, bool IsUnpadded)
{
    public static FileNamePiece Of(char literal) => new(literal.ToString(), '\0', IsUnpadded: false);
}
