using System.Globalization;
using System.Text;

namespace Isr.Sources.Alsa.Devices;

/// <summary>Names that drivers, USB devices and configurations give, made fit for a line of a terminal.</summary>
internal static class ShownText
{
    private const int Most = 80;

    /// <summary>
    /// One line: control characters (escapes of a terminal begin with one), line ends and invisible marks become one space
    /// together, and what is longer than 80 characters is cut off with "…".
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var isShown = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (isShown && clean.Length + rune.Utf16SequenceLength >= Most)
            {
                return clean.ToString().TrimEnd() + "…";
            }

            if (isShown)
            {
                clean.Append(rune.ToString());
            }
            else if (clean.Length > 0 && clean[^1] != ' ')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString().TrimEnd();
    }
}
