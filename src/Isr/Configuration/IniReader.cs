using System.Text;
using System.Text.Unicode;

namespace Isr.Configuration;

/// <summary>
/// Reads INI as Python's configparser did without interpolation, with inline comments, one line a value.
/// No bytes make it throw; every mistake is collected with its line.
/// </summary>
internal sealed class IniReader
{
    public const int MaxBytes = 1024 * 1024;

    private readonly List<IniSection> _sections = [];
    private readonly List<IniMistake> _mistakes = [];
    private IniSection? _section;
    private IniEntry? _lastEntry;
    private int _indent;
    private int _line;

    private IniReader()
    {
    }

    public static IniDocument Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new IniReader();
        reader.ReadFile(bytes);
        return new IniDocument(reader._sections, reader._mistakes);
    }

    private void ReadFile(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            Report(null, "the file is larger than 1 MiB");
            return;
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            Report(null, "the file is UTF-16; save it as UTF-8");
            return;
        }

        var rest = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            _line++;
            ReadLine(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
    }

    private void ReadLine(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var content = WithoutComment(text).Trim();
        var mistake = !Utf8.IsValid(bytes) ? "not valid UTF-8"
            : content.Any(c => char.IsControl(c) && c != '\t') ? "a control character is not allowed here"
            : null;

        if (content.Length == 0)
        {
            if (mistake is not null)
            {
                Report(null, mistake);
            }

            return;
        }

        // As in Python: a line that stands further in than the key before it continues that key's value.
        var indent = text.Length - text.TrimStart().Length;
        if (_lastEntry is not null && indent > _indent)
        {
            Report(
                _lastEntry.Key,
                mistake ?? "an indented line goes on with the value before it, but a value is one line");
            return;
        }

        _indent = indent;
        if (content[0] == '[')
        {
            ReadHeader(content, mistake);
        }
        else
        {
            ReadEntry(content, mistake);
        }
    }

    private static string WithoutComment(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] is '#' or ';' && (i == 0 || char.IsWhiteSpace(line[i - 1])))
            {
                return line[..i];
            }
        }

        return line;
    }

    private void ReadHeader(string content, string? mistake)
    {
        var close = content.LastIndexOf(']');
        var name = (close < 0 ? content[1..] : content[1..close]).Trim();
        mistake ??= close < 0 ? "the closing ] is missing"
            : close < content.Length - 1 ? "only a comment may follow the closing ]"
            : name.Length == 0 ? "the section has no name"
            : null;

        _lastEntry = null;
        _section = new IniSection(name, _line, isReadable: mistake is null);
        if (mistake is not null)
        {
            Report(null, mistake);
        }
        else if (_sections.Find(s => s.IsReadable && IsSame(s, _section)) is { } first)
        {
            Report(null, $"the section is given twice; first in line {first.Line}");
            // Its keys still belong to it, so that they are checked, too.
            _section = first;
            return;
        }

        _sections.Add(_section);
    }

    private static bool IsSame(IniSection one, IniSection other) =>
        (one.IsGeneral && other.IsGeneral) || string.Equals(one.Name, other.Name, StringComparison.Ordinal);

    private void ReadEntry(string content, string? mistake)
    {
        var separator = content.AsSpan().IndexOfAny('=', ':');
        if (separator < 0)
        {
            Report(null, mistake ?? "neither [section] nor key = value");
            return;
        }

        var key = content[..separator].TrimEnd().ToLowerInvariant();
        if (key.Length == 0)
        {
            Report(null, mistake ?? "the key is missing");
            return;
        }

        var entry = new IniEntry(key, content[(separator + 1)..].TrimStart(), _line, isReadable: mistake is null);
        if (mistake is not null)
        {
            Report(key, mistake);
        }

        if (_section is null)
        {
            Report(key, "stands before the first [section]");
            return;
        }

        _lastEntry = entry;
        if (_section.Find(key) is not { } first)
        {
            _section.Add(entry);
        }
        else
        {
            Report(key, $"given twice; first in line {first.Line}");
        }
    }

    private void Report(string? key, string message) => _mistakes.Add(new IniMistake(_line, _section?.Name, key, message));
}
