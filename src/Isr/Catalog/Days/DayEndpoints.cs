using System.Text.Json;
using Isr.Access;
using Isr.Serving;

namespace Isr.Catalog.Days;

internal static class DayEndpoints
{
    public static void MapDays(this IEndpointRouteBuilder api) => api.MapGet("/days", ListAsync)
        .WithSummary("What there is of each day, newest first: recordings, seconds, bytes, sections, seconds missing. Filters as in /api/files.")
        .Produces<IReadOnlyList<DaySummary>>()
        .MayBeKnown()
        .ForListeners();

    private static async Task<IResult> ListAsync(
        RecordingCatalog catalog, DaySummaries days, HttpContext context, CancellationToken cancellationToken, string? from = null, string? to = null, string? q = null, string? source = null)
    {
        await catalog.FollowAsync(cancellationToken);
        var json = JsonSerializer.SerializeToUtf8Bytes(days.Of(new FileFilter(from, to, q, source)), DaysJson.Default.IReadOnlyListDaySummary);
        return EntityTags.Json(context, json);
    }
}
