using System.Globalization;
using Isr.Recording.Journal;

namespace Isr.Tests.Support;

/// <summary>Writes journals as the recorder would have.</summary>
internal static class JournalFiles
{
    /// <summary>Appends entries to the day that each was written down on.</summary>
    public static void Append(string stateDirectory, params IEnumerable<JournalEntry> entries)
    {
        var folder = Directory.CreateDirectory(JournalReader.DirectoryOf(stateDirectory)).FullName;
        foreach (var day in entries.GroupBy(e => e.At.UtcDateTime.Date))
        {
            using var file = new FileStream(Path.Combine(folder, day.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".jsonl"), FileMode.Append);
            file.Write([.. day.SelectMany(JournalLine.Format)]);
        }
    }
}
