using System.Globalization;
using System.Text.Json.Serialization;

namespace Isr.Catalog.Retention;

/// <summary>How long it goes on like this, by what was recorded in the last week.</summary>
/// <param name="BytesPerDay">Null when there is nothing to tell it by.</param>
/// <param name="DaysUntilFull">Until the disk is full, or a limit begins to delete; null when neither comes.</param>
/// <param name="DaysKept">How far back recordings reach once the limits have begun to delete; null when they never do.</param>
/// <param name="Sentences">The same for people.</param>
internal sealed record RetentionForecast(long? BytesPerDay, double? DaysUntilFull, double? DaysKept, IReadOnlyList<string> Sentences)
{
    /// <summary>Days until the disk is full, where no limit comes first and makes room; null where one does, or nothing is known.</summary>
    [JsonIgnore]
    public double? DiskFullIn { get; init; }

    /// <param name="bytesPerDay">By the last week.</param>
    /// <param name="held">Bytes that recordings and trash take when the plan has been carried out.</param>
    /// <param name="free">Bytes that are free on the recordings folder's disk then.</param>
    /// <param name="limits">What is kept.</param>
    public static RetentionForecast Of(long? bytesPerDay, long held, long? free, RetentionOptions limits)
    {
        if (bytesPerDay is not > 0 and var unknown)
        {
            return new RetentionForecast(unknown, null, null, ["Nothing was recorded in the last week, so there is no forecast."]);
        }

        var rate = (double)bytesPerDay.Value;
        var sentences = new List<string> { $"At the present rate {RetentionPlan.Gigabytes(bytesPerDay.Value)} a day is recorded." };
        double? kept = limits.General.Age?.TotalDays;
        double? full = null;
        double? diskFull = null;
        if (limits.General.Bytes is { } most)
        {
            kept = Least(kept, most / rate);
            full = Math.Max(0, most - held) / rate;
            sentences.Add($"keep_gb holds about {Days(most / rate)}; {Reached(full.Value)}.");
        }

        if (free is { } room)
        {
            var reserve = limits.General.FreeBytes ?? 0;
            var days = Math.Max(0, room - reserve) / rate;
            var isReached = limits.General.Age is not { } age || held < age.TotalDays * rate;
            if (limits.General.FreeBytes is not null)
            {
                kept = Least(kept, Math.Max(0, held + room - reserve) / rate);
                sentences.Add($"keep_free_gb leaves room for about {Days(Math.Max(0, held + room - reserve) / rate)}; {Reached(days)}.");
                full = Least(full, days);
            }
            else if (limits.General.Bytes is { } size && size - held <= room)
            {
                // The limit comes first.
            }
            else if (limits.General.Age is { } oldest && (oldest.TotalDays * rate) - held <= room)
            {
                sentences.Add($"keep_days needs about {RetentionPlan.Gigabytes((long)(oldest.TotalDays * rate))}, for which there is room.");
            }
            else if (isReached)
            {
                sentences.Add(days < 1 ? "The disk is full within a day." : $"The disk is full in {Days(days)}.");
                full = Least(full, days);
                diskFull = days;
            }
        }

        return new RetentionForecast(bytesPerDay, full, kept, sentences) { DiskFullIn = diskFull };
    }

    private static double? Least(double? one, double other) => one is { } known ? Math.Min(known, other) : other;

    private static string Reached(double days) => days < 1 ? "that is reached within a day" : $"that is reached in {Days(days)}";

    private static string Days(double days) => days < 10 ? string.Create(CultureInfo.InvariantCulture, $"{days:0.#} days") : string.Create(CultureInfo.InvariantCulture, $"{days:0} days");
}
