namespace Isr.Configuration;

/// <summary>How much is kept; null is no limit.</summary>
/// <param name="Age">So long after its end a recording goes.</param>
/// <param name="Bytes">Recordings take no more than this together.</param>
/// <param name="FreeBytes">At least so much stays free on their disk.</param>
internal readonly record struct KeepLimits(TimeSpan? Age, long? Bytes, long? FreeBytes)
{
    public bool IsAny => Age is not null || Bytes is not null || FreeBytes is not null;

    public static KeepLimits Of(decimal? days, decimal? gigabytes, decimal? freeGigabytes) => new(
        days is > 0 and { } d ? TimeSpan.FromTicks((long)(d * TimeSpan.TicksPerDay)) : null, BytesOf(gigabytes), BytesOf(freeGigabytes));

    private static long? BytesOf(decimal? gigabytes) => gigabytes is > 0 and { } g ? (long)(g * 1_000_000_000m) : null;
}
