using System.Globalization;
using Isr.Catalog.Coverage;

namespace Isr.Catalog.Days;

/// <summary>
/// The archive day by day, so that a page needs to know nothing of days that it does not show. What was worked out is kept, and only days of
/// which something changed are worked out anew.
/// </summary>
internal sealed class DaySummaries(CatalogOptions options, CatalogDatabase database, CoverageReporter coverage, TimeProvider time)
{
    /// <summary>Filters of which it is kept; people type.</summary>
    private const int MaxKept = 16;
    private const string DayFormat = "yyyy-MM-dd";

    private readonly Lock _gate = new();
    private readonly Dictionary<FileFilter, Recorded> _recorded = [];
    private readonly Dictionary<(string? Source, DateOnly? From, DateOnly? To), Past> _past = [];

    /// <summary>The newest first; days on which nothing was recorded are among them where something was to be.</summary>
    public IReadOnlyList<DaySummary> Of(FileFilter filter)
    {
        lock (_gate)
        {
            var missing = Missing(filter);
            var days = new Dictionary<DateOnly, DaySummary>();
            foreach (var (day, summary) in RecordedOf(filter))
            {
                days[day] = missing.TryGetValue(day, out var lost) ? summary with { Missing = lost } : summary;
            }

            foreach (var (day, lost) in missing)
            {
                days.TryAdd(day, new DaySummary(day, 0, 0, 0, 0, lost));
            }

            return [.. days.Values.OrderByDescending(d => d.Day)];
        }
    }

    private Dictionary<DateOnly, DaySummary> RecordedOf(FileFilter filter)
    {
        if (!_recorded.TryGetValue(filter, out var kept) || kept.Epoch != database.Epoch)
        {
            MakeRoom(_recorded);
            _recorded[filter] = kept = new Recorded(database.Epoch, -1, []);
        }

        // Asked before the days are read: what changes meanwhile is read once more.
        var (version, changed) = database.ChangedDays.Since(kept.Version);
        if (changed is null)
        {
            kept.Days.Clear();
            Take(kept.Days, filter);
        }
        else
        {
            foreach (var text in changed)
            {
                var day = DateOnly.ParseExact(text, DayFormat, CultureInfo.InvariantCulture);
                kept.Days.Remove(day);
                Take(kept.Days, Within(filter, text));
            }
        }

        _recorded[filter] = kept with { Version = version };
        return kept.Days;
    }

    private void Take(Dictionary<DateOnly, DaySummary> days, FileFilter filter)
    {
        foreach (var (day, recordings, seconds, bytes, sections) in database.Days(filter, options.Detection))
        {
            days[day] = new DaySummary(day, recordings, Math.Round(seconds, 3), bytes, sections, null);
        }
    }

    /// <summary>What is asked for of one day.</summary>
    private static FileFilter Within(FileFilter filter, string day) => filter with
    {
        From = string.CompareOrdinal(filter.From, day) > 0 ? filter.From : day,
        To = !string.IsNullOrEmpty(filter.To) && string.CompareOrdinal(filter.To, day) < 0 ? filter.To : IsPartOf(filter.To, day) ? filter.To : day,
    };

    private static bool IsPartOf(string? to, string day) => to?.StartsWith(day, StringComparison.Ordinal) == true;

    /// <summary>Seconds missing, by day; a day is looked at as a whole, whatever part of one is asked for.</summary>
    private Dictionary<DateOnly, double> Missing(FileFilter filter)
    {
        var expected = database.Expectations().Where(e => string.IsNullOrEmpty(filter.Source) || e.Source == filter.Source).ToList();
        if (expected.Count == 0)
        {
            return [];
        }

        var zone = time.LocalTimeZone;
        var now = time.GetUtcNow().UtcTicks;
        var (first, last) = (DateOf(filter.From), DateOf(filter.To));
        var from = first is { } f ? LocalDays.StartOf(f, zone) : expected.Min(e => e.Since);
        var to = last is { } l ? Math.Min(now, LocalDays.StartOf(l.AddDays(1), zone)) : now;

        // A file that ends today may have begun yesterday: until then nothing is settled.
        var settled = LocalDays.DayOf(now, zone).AddDays(-1);
        var border = LocalDays.StartOf(settled, zone);
        var key = (filter.Source, first, last);
        if (!_past.TryGetValue(key, out var past) || (past.Epoch, past.Changes, past.Until) != (database.Epoch, database.PastChanges, settled))
        {
            MakeRoom(_past);
            _past[key] = past = new Past(database.Epoch, database.PastChanges, settled, MissingIn(from, Math.Min(to, border), filter.Source));
        }

        var missing = MissingIn(Math.Max(from, border), to, filter.Source);
        foreach (var (day, seconds) in past.Missing)
        {
            missing.TryAdd(day, seconds);
        }

        return missing;
    }

    private Dictionary<DateOnly, double> MissingIn(long from, long to, string? source) => from >= to ? [] : coverage.Report(new Interval(from, to), source).Sources
        .SelectMany(s => s.Days)
        .GroupBy(day => day.Day)
        .ToDictionary(day => day.Key, day => Math.Round(day.Sum(d => d.Figures.Missing), 3));

    private static void MakeRoom<TKey, TValue>(Dictionary<TKey, TValue> kept)
        where TKey : notnull
    {
        if (kept.Count >= MaxKept)
        {
            kept.Clear();
        }
    }

    private static DateOnly? DateOf(string? text) =>
        text?.Length >= DayFormat.Length && DateOnly.TryParseExact(text.AsSpan(0, DayFormat.Length), DayFormat, out var day) && day.Year is > 1 and < 9999 ? day : null;

    private sealed record Recorded(int Epoch, long Version, Dictionary<DateOnly, DaySummary> Days);

    private sealed record Past(int Epoch, int Changes, DateOnly Until, Dictionary<DateOnly, double> Missing);
}
