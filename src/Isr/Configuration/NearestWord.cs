namespace Isr.Configuration;

/// <summary>Guesses which word was meant.</summary>
internal static class NearestWord
{
    private const int MaxDistance = 3;
    private const int MinPrefix = 3;
    private const int MaxLength = 64;

    /// <summary>The nearest of the words, or null if none is near.</summary>
    public static string? Find(string word, IEnumerable<string> words)
    {
        if (word.Length > MaxLength)
        {
            return null;
        }

        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in words)
        {
            var distance = Distance(word, candidate);
            if (distance < least && distance <= Math.Min(MaxDistance, Math.Max(word.Length, candidate.Length) / 3))
            {
                (nearest, least) = (candidate, distance);
            }
        }

        // `output_dir` is far from `output_directory`, and still clear.
        return nearest
            ?? words.FirstOrDefault(w => word.Length >= MinPrefix && w.StartsWith(word, StringComparison.Ordinal));
    }

    /// <summary>Damerau-Levenshtein: letters left out, put in, changed, or two neighbours swapped.</summary>
    internal static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
