using Isr.Access;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Coverage;

internal static class CoverageEndpoints
{
    public static void MapCoverage(this IEndpointRouteBuilder api) => api.MapGet("/coverage", Report)
        .WithSummary("What was to be recorded within a span of local time, what was, and every gap with its cause.")
        .Produces<CoverageReport>()
        .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
        .ForListeners();

    private static Results<JsonHttpResult<CoverageReport>, JsonHttpResult<Problem>> Report(
        CoverageReporter reporter, TimeProvider time, string? from = null, string? to = null, string? source = null) =>
        CoverageSpan.TryRead(from, to, time, out var span, out var sentence)
            ? TypedResults.Json(reporter.Report(span, source), CoverageJson.Default.CoverageReport)
            : Problem.Of(StatusCodes.Status400BadRequest, sentence);
}
