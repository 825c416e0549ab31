namespace Isr.Commands;

/// <summary>A table for a terminal: columns as wide as they must be, two spaces between.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, string[] headings, IEnumerable<string[]> rows)
    {
        var all = rows.Prepend(headings).ToList();
        var widths = headings.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
