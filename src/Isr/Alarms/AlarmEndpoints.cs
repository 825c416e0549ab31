using Isr.Access;
using Isr.Catalog.Coverage;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Alarms;

internal static class AlarmEndpoints
{
    public static IEndpointRouteBuilder MapAlarms(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/alarms", List)
            .WithSummary("Alarms that go on, and those that went on within a span of local time: the last 7 days, when nothing is said.")
            .Produces<AlarmsAnswer>()
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .ForListeners();
        return routes;
    }

    private static Results<JsonHttpResult<AlarmsAnswer>, JsonHttpResult<Problem>> List(AlarmList list, TimeProvider time, HttpContext context, string? from = null, string? to = null)
    {
        if (!CoverageSpan.TryRead(from, to, time, out var span, out var sentence))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, sentence);
        }

        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Json(list.Read(span), AlarmJson.Default.AlarmsAnswer);
    }
}
