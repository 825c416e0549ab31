using System.Globalization;

namespace Isr.Naming;

/// <summary>Lays a pattern over a name and collects what its codes say. Every reading is tried, within a limit.</summary>
internal sealed class FileNameMatch
{
    private const int Unknown = -1;
    private const int MaxNameLength = 1024;

    // Codes without padding can be laid over digits in many ways; real names need a few dozen steps.
    private const int MaxSteps = 20_000;

    // POSIX strptime: 69 to 99 belong to the twentieth century.
    private const int FirstYearOfLastCentury = 69;

    private static readonly string[] DayNames = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;
    private static readonly string[] DayNamesShort = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames;
    private static readonly string[] MonthNames = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];
    private static readonly string[] MonthNamesShort = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames[..12];
    private static readonly string[] HalfDays = ["AM", "PM"];

    private readonly string _name;
    private readonly FileNamePattern _pattern;
    private readonly TimeZoneInfo _zone;

    /// <summary>The last value that each code gave; the name written anew shows whether two disagree.</summary>
    private readonly long[] _values = new long['z' + 1];
    private string _zoneName = "";
    private int _steps;
    private FileNameDate _date;

    private FileNameMatch(string name, FileNamePattern pattern, TimeZoneInfo zone)
    {
        _name = name;
        _pattern = pattern;
        _zone = zone;
        Array.Fill(_values, Unknown);
    }

    public static bool TryMatch(string name, FileNamePattern pattern, TimeZoneInfo zone, out FileNameDate date)
    {
        var match = new FileNameMatch(name, pattern, zone);
        var isMatch = name.Length <= MaxNameLength && match.Match(0, 0);
        date = match._date;
        return isMatch;
    }

    private bool Match(int pieceIndex, int position)
    {
        if (++_steps > MaxSteps)
        {
            return false;
        }

        if (pieceIndex == _pattern.Pieces.Count)
        {
            return position == _name.Length && TryConclude();
        }

        var piece = _pattern.Pieces[pieceIndex];
        if (piece.Literal is not null)
        {
            return position < _name.Length && _name[position] == piece.Literal[0] && Match(pieceIndex + 1, position + 1);
        }

        return piece.Code switch
        {
            'a' => MatchWord(DayNamesShort, 'w', pieceIndex, position),
            'A' => MatchWord(DayNames, 'w', pieceIndex, position),
            'b' or 'h' => MatchWord(MonthNamesShort, 'b', pieceIndex, position),
            'B' => MatchWord(MonthNames, 'b', pieceIndex, position),
            'p' => MatchWord(HalfDays, 'p', pieceIndex, position),
            'z' => MatchOffset(pieceIndex, position),
            'Z' => MatchZoneName(pieceIndex, position),
            _ => MatchNumber(piece, pieceIndex, position),
        };
    }

    private bool Take(char field, long value, int pieceIndex, int end)
    {
        var before = _values[field];
        _values[field] = value;
        if (Match(pieceIndex + 1, end))
        {
            return true;
        }

        _values[field] = before;
        return false;
    }

    private bool MatchWord(string[] words, char field, int pieceIndex, int position)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (_name.AsSpan(position).StartsWith(words[i], StringComparison.Ordinal))
            {
                return Take(field, i, pieceIndex, position + words[i].Length);
            }
        }

        return false;
    }

    private bool MatchNumber(FileNamePiece piece, int pieceIndex, int position)
    {
        var (width, padding) = FileNamePattern.Width(piece.Code);
        var digitsFrom = position;
        if (padding == ' ' && !piece.IsUnpadded && position < _name.Length && _name[position] == ' ')
        {
            digitsFrom++;
        }

        var isFixed = !piece.IsUnpadded && piece.Code != 's';
        var most = piece.Code == 's' ? 12 : width - (digitsFrom - position);
        var least = isFixed ? most : 1;

        var digits = 0;
        while (digits < most && digitsFrom + digits < _name.Length && char.IsAsciiDigit(_name[digitsFrom + digits]))
        {
            digits++;
        }

        for (; digits >= least; digits--)
        {
            var value = long.Parse(_name.AsSpan(digitsFrom, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            if (Take(FieldOf(piece.Code), value, pieceIndex, digitsFrom + digits))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Codes that tell the same thing share a field.</summary>
    private static char FieldOf(char code) => code switch
    {
        'e' => 'd',
        'k' => 'H',
        'l' => 'I',
        _ => code,
    };

    private bool MatchOffset(int pieceIndex, int position)
    {
        if (position + 5 > _name.Length
            || _name[position] is not ('+' or '-')
            || !int.TryParse(
                _name.AsSpan(position + 1, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            || digits % 100 >= 60
            || digits > 1400)
        {
            return false;
        }

        var minutes = digits / 100 * 60 + digits % 100;
        // Stored from 0 up, since -1 means unknown.
        return Take('z', (_name[position] == '-' ? -minutes : minutes) + 1440, pieceIndex, position + 5);
    }

    private bool MatchZoneName(int pieceIndex, int position)
    {
        var end = position;
        while (end < _name.Length && (char.IsAsciiLetterOrDigit(_name[end]) || _name[end] is '+' or '-' or '_'))
        {
            end++;
        }

        var before = _zoneName;
        for (; end > position; end--)
        {
            _zoneName = _name[position..end];
            if (Match(pieceIndex + 1, end))
            {
                return true;
            }
        }

        _zoneName = before;
        return false;
    }

    private bool TryConclude()
    {
        TimeSpan? offset = _values['z'] == Unknown ? null : TimeSpan.FromMinutes(_values['z'] - 1440);
        DateTimeOffset time;
        if (_values['s'] != Unknown)
        {
            if (_values['s'] > DateTimeOffset.MaxValue.AddDays(-2).ToUnixTimeSeconds())
            {
                return false;
            }

            var instant = DateTimeOffset.FromUnixTimeSeconds(_values['s']);
            time = instant.ToOffset(offset ?? _zone.GetUtcOffset(instant));
            offset = time.Offset;
        }
        else if (TryDate(out var date) && TryTime(out var timeOfDay) && date.Year is > 1 and < 9999)
        {
            time = new DateTimeOffset(date + timeOfDay, offset ?? TimeSpan.Zero);
        }
        else
        {
            return false;
        }

        if (!string.Equals(_pattern.Format(time, _zoneName), _name, StringComparison.Ordinal))
        {
            return false;
        }

        _date = new FileNameDate(time.DateTime, offset);
        return true;
    }

    private bool TryTime(out TimeSpan time)
    {
        var hour = _values['H'];
        if (hour == Unknown && _values['I'] is >= 1 and <= 12 && _values['p'] != Unknown)
        {
            hour = _values['I'] % 12 + 12 * _values['p'];
        }

        // Second 60 is a leap second of another clock: no name of ours has it.
        var second = _values['S'] == Unknown ? 0 : _values['S'];
        time = default;
        if (hour is < 0 or > 23 || _values['M'] is < 0 or > 59 || second > 59)
        {
            return false;
        }

        time = new TimeSpan((int)hour, (int)_values['M'], (int)second);
        return true;
    }

    private bool TryDate(out DateTime date)
    {
        var month = _values['m'] != Unknown ? _values['m'] : _values['b'] != Unknown ? _values['b'] + 1 : Unknown;
        var weekday = _values['w'] != Unknown ? _values['w'] : _values['u'] != Unknown ? _values['u'] % 7 : Unknown;
        date = default;

        if (TryYear(out var year))
        {
            var newYear = new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
            if (month is >= 1 and <= 12 && _values['d'] >= 1 && _values['d'] <= DateTime.DaysInMonth(year, (int)month))
            {
                date = newYear.AddMonths((int)month - 1).AddDays(_values['d'] - 1);
                return true;
            }

            if (_values['j'] is >= 1 and <= 366)
            {
                date = newYear.AddDays(_values['j'] - 1);
                return true;
            }

            // Week 0 is what lies before the year's first Sunday (%U) or Monday (%W).
            if (weekday is >= 0 and <= 6 && _values['U'] is >= 0 and <= 53)
            {
                date = newYear.AddDays(7 * _values['U'] - (int)newYear.DayOfWeek + weekday
                    + (newYear.DayOfWeek == DayOfWeek.Sunday ? -7 : 0));
                return true;
            }

            if (weekday is >= 0 and <= 6 && _values['W'] is >= 0 and <= 53)
            {
                date = newYear.AddDays(7 * _values['W'] - ((int)newYear.DayOfWeek + 6) % 7 + (weekday + 6) % 7
                    + (newYear.DayOfWeek == DayOfWeek.Monday ? -7 : 0));
                return true;
            }
        }

        var weekYear = _values['G'] != Unknown ? _values['G'] : OfTwoDigits(_values['g']);
        if (weekYear is > 1 and < 9999 && weekday is >= 0 and <= 6 && _values['V'] is >= 1 and <= 53)
        {
            date = ISOWeek.ToDateTime((int)weekYear, (int)_values['V'], (DayOfWeek)weekday);
            return true;
        }

        return false;
    }

    private bool TryYear(out int year)
    {
        year = (int)(_values['Y'] != Unknown ? _values['Y']
            : _values['y'] == Unknown ? Unknown
            : _values['C'] != Unknown ? _values['C'] * 100 + _values['y']
            : OfTwoDigits(_values['y']));
        return year is > 1 and < 9999;
    }

    private static long OfTwoDigits(long year) =>
        year == Unknown ? Unknown : year < FirstYearOfLastCentury ? 2000 + year : 1900 + year;
}
