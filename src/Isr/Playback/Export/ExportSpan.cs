using Isr.Catalog.Coverage;

namespace Isr.Playback.Export;

/// <summary>Reads the span that is to be exported.</summary>
internal static class ExportSpan
{
    /// <summary>A day, also the one of 25 hours.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(25);

    private const string Usage = "Give from and to as local times (2026-05-23T22:31:30, or with fractions), as instants (2026-05-23T20:31:30Z) or as dates.";

    /// <summary>Both ends must be given; one that is still to come is now.</summary>
    public static bool TryRead(string? from, string? to, TimeProvider time, out Interval span, out string sentence)
    {
        span = default;
        sentence = Usage;
        if (!LocalMoment.TryRead(from, time.LocalTimeZone, isEnd: false, out var start) || !LocalMoment.TryRead(to, time.LocalTimeZone, isEnd: true, out var end))
        {
            return false;
        }

        span = new Interval(start, Math.Min(end, time.GetUtcNow().UtcTicks));
        sentence = span.Length == 0 ? $"There is nothing between {from} and {to}: from must lie before to and before now."
            : span.Length > Longest.Ticks ? $"An export is at most {Longest.TotalHours:0} hours long; ask for several."
            : "";
        return sentence.Length == 0;
    }
}
