using Isr.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Zones;

internal static class ZoneEndpoints
{
    public static void MapZone(this IEndpointRouteBuilder api) => api.MapGet("/zone", Get)
        .WithSummary("The recorder's time zone: what time it is there, and when its clocks are set, from the year 2000 to two years ahead.")
        .Produces<ZoneAnswer>()
        .ForListeners();

    private static JsonHttpResult<ZoneAnswer> Get(HttpContext context, ZoneOffsets offsets, TimeProvider time)
    {
        var zone = time.LocalTimeZone;
        var now = time.GetUtcNow();

        // It has the time in it.
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new ZoneAnswer(zone.Id, TimeZoneInfo.ConvertTime(now, zone), offsets.Of(zone, now.UtcDateTime)), ZoneJson.Default.ZoneAnswer);
    }
}
