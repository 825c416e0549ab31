using System.Buffers;
using System.Globalization;

namespace Isr.Catalog.Keeping;

/// <summary>What a mark may be.</summary>
internal static class MarkRules
{
    public const int MaxAtOnce = 1000;

    /// <summary>Keys 1 to 9.</summary>
    public const int LabelKeys = 9;

    private const int MaxIdLength = 64;
    private const int MaxLabelLength = 200;
    private const int MaxNoteLength = 4000;
    private const int MaxNameLength = 4096;

    private static readonly SearchValues<char> s_idLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength } && !id.AsSpan().ContainsAnyExcept(s_idLetters);

    /// <summary>Null, or a sentence about what is wrong.</summary>
    public static string? Mistake(IReadOnlyList<Mark?>? marks)
    {
        if (marks is null)
        {
            return "Marks are a list.";
        }

        if (marks.Count > MaxAtOnce)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{marks.Count} marks are too many at once: at most {MaxAtOnce}.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < marks.Count; i++)
        {
            var mistake = marks[i] is not { } mark ? "A mark is a JSON object, not null."
                : Mistake(mark) ?? (ids.Add(mark.Id) ? null : $"The id {mark.Id} is there twice.");
            if (mistake is not null)
            {
                return marks.Count == 1 ? mistake : string.Create(CultureInfo.InvariantCulture, $"Mark {i + 1}: {mistake}");
            }
        }

        return null;
    }

    /// <summary>Null, or a sentence about what is wrong with the labels of keys.</summary>
    public static string? Mistake(IReadOnlyList<string?>? labels) => labels is not { Count: LabelKeys }
        ? string.Create(CultureInfo.InvariantCulture, $"Labels are a list of {LabelKeys}, one for each key; \"\" for a key without one.")
        : labels.Select(label => label is null ? "A label is a text, not null; \"\" for a key without one." : LabelMistake(label)).FirstOrDefault(mistake => mistake is not null);

    private static string? LabelMistake(string? label) => label is { Length: > MaxLabelLength } ? $"A label has at most {MaxLabelLength} characters."
        : label is not null && label.Any(char.IsControl) ? "A label is one line of text."
        : null;

    private static string? Mistake(Mark mark) => mark switch
    {
        _ when !IsId(mark.Id) => "The id of a mark is 1 to 64 letters, digits, - and _.",
        { File: null or { Length: > MaxNameLength } } => "file must be the name of a recording.",
        _ when !RecordingScan.IsListedName(mark.File) => "file must be the name of a recording.",
        { Start: null, End: not null } or { Start: not null, End: null } => "start and end belong together: give both, or neither for the whole recording.",
        { Start: { } start, End: { } end } when !(double.IsFinite(start) && double.IsFinite(end) && start >= 0 && end > start) =>
            "start and end are seconds within the recording, the end after the start.",
        { Note.Length: > MaxNoteLength } => $"A note has at most {MaxNoteLength} characters.",
        { Source.Length: > MaxNameLength } => "source must be the name of a source.",
        { From: { } from, To: { } to } when to < from => "to must not lie before from.",
        _ => LabelMistake(mark.Label),
    };
}
