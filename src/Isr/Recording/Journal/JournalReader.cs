namespace Isr.Recording.Journal;

/// <summary>Reads journals back, oldest first.</summary>
internal static class JournalReader
{
    private const int BlockBytes = 256 * 1024;
    private const int MaxLineBytes = 64 * 1024;

    public static string DirectoryOf(string stateDirectory) => Path.Combine(stateDirectory, "journal");

    /// <summary>The day files in their order.</summary>
    public static IReadOnlyList<string> Days(string stateDirectory)
    {
        var directory = DirectoryOf(stateDirectory);
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var days = Directory.GetFiles(directory, "????-??-??.jsonl");
        Array.Sort(days, StringComparer.Ordinal);
        return days;
    }

    /// <summary>All whole entries of a day file; lines that are damaged are left out.</summary>
    public static List<JournalEntry> Read(string path)
    {
        var position = 0L;
        return Read(path, ref position);
    }

    /// <summary>
    /// The whole entries from <paramref name="position"/> on, which moves behind them. Half a line at the end is
    /// left for the next call: it is being written.
    /// </summary>
    public static List<JournalEntry> Read(string path, ref long position) => Read(path, ref position, long.MaxValue);

    /// <summary>The whole entries among the first <paramref name="end"/> bytes: what was there when it was so long.</summary>
    public static List<JournalEntry> ReadUpTo(string path, long end)
    {
        var position = 0L;
        return Read(path, ref position, end);
    }

    private static List<JournalEntry> Read(string path, ref long position, long limit)
    {
        var entries = new List<JournalEntry>();
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) == position)
        {
            return entries;
        }

        var buffer = new byte[BlockBytes];
        var kept = 0;
        while (RandomAccess.Read(file, buffer.AsSpan(kept, (int)Math.Min(buffer.Length - kept, Math.Max(0, limit - position - kept))), position + kept) is > 0 and var read)
        {
            var block = buffer.AsSpan(0, kept + read);
            while (block.IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (JournalLine.TryParse(block[..end], out var entry))
                {
                    entries.Add(entry);
                }

                position += end + 1;
                block = block[(end + 1)..];
            }

            if (block.Length > MaxLineBytes)
            {
                // Nobody writes such a line: it is damage, and is passed over.
                position += block.Length;
                block = default;
            }

            block.CopyTo(buffer);
            kept = block.Length;
        }

        return entries;
    }
}
