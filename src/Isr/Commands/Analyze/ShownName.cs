using System.Globalization;

namespace Isr.Commands.Analyze;

/// <summary>File names as a terminal may show them: a name must neither make up lines nor steer the terminal.</summary>
internal static class ShownName
{
    public static string Of(string name) => name.Any(IsUnseen)
        ? string.Concat(name.Select(c => c switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ when IsUnseen(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            _ => c.ToString(),
        }))
        : name;

    // Format: what turns the direction of writing, among others.
    private static bool IsUnseen(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
