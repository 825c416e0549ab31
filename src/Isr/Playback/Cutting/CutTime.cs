using System.Globalization;

namespace Isr.Playback.Cutting;

/// <summary>A place in a recording as people write it.</summary>
internal static class CutTime
{
    /// <summary>More than any recording has.</summary>
    private const double MostSeconds = 1e7;

    /// <summary>Seconds, <c>m:ss</c> or <c>h:mm:ss</c>, each with a fraction or without.</summary>
    public static bool TryParse(string? text, out double seconds)
    {
        seconds = 0;
        var parts = (text ?? "").Split(':');
        if (parts.Length > 3)
        {
            return false;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            // Only the last may have a fraction, and only the first be more than a minute or hour holds.
            var style = i == parts.Length - 1 ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
            if (!double.TryParse(parts[i], style, CultureInfo.InvariantCulture, out var number) || !(number <= MostSeconds) || (i > 0 && number >= 60))
            {
                return false;
            }

            seconds = (seconds * 60) + number;
        }

        return seconds <= MostSeconds;
    }

    /// <summary>As <c>m:ss</c> or <c>h:mm:ss</c>, with tenths where there are some.</summary>
    public static string Show(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Round(seconds, 1));
        var tenths = time.Milliseconds == 0 ? "" : time.ToString(@"\.f", CultureInfo.InvariantCulture);
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}{tenths}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time:ss}{tenths}");
    }
}
