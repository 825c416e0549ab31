using Isr.Access;
using Isr.Analysis;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Levels;

internal static class LevelEndpoints
{
    private const int UsualPoints = 800;
    private const int MaxPoints = 10_000;

    public static void MapLevels(this IEndpointRouteBuilder api) => api.MapGet("/levels", GetAsync)
        .WithSummary("How a stretch of a recording looks: lowest, highest and mean level of each of so many points.")
        .Produces<LevelsAnswer>()
        .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
        .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
        .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
        .ForListeners();

    private static async Task<Results<JsonHttpResult<LevelsAnswer>, JsonHttpResult<Problem>>> GetAsync(
        RecordingCatalog catalog,
        LevelStore store,
        LevelRequests requests,
        CancellationToken cancellationToken,
        string? file = null,
        double from = 0,
        double? to = null,
        int points = UsualPoints)
    {
        if (string.IsNullOrEmpty(file))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Which recording? Add file=NAME, with a name as /api/files gives it.");
        }

        var end = to ?? double.PositiveInfinity;
        if (!(from >= 0 && from < end) || points is < 1 or > MaxPoints)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"from and to are seconds, from before to, and points is a number from 1 to {MaxPoints}.");
        }

        if (await catalog.FindAsync(file, cancellationToken) is not { } item)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is no recording by that name.");
        }

        var measured = item.Recording
            ? await requests.GetSoFarAsync(store.RecordingOf(file), Urgency.Asked, cancellationToken)
            : await requests.GetAsync(file, Urgency.Asked, cancellationToken);
        return measured.Levels is { } levels
            ? TypedResults.Json(
                LevelPoints.Gather(levels, from, end, points) with { Partial = item.Recording ? true : null, DamagedFrom = item.Recording ? null : measured.DamagedFrom },
                LevelsJson.Default.LevelsAnswer)
            : Problem.Of(StatusCodes.Status422UnprocessableEntity, measured.Sentence ?? "Nothing in this file could be decoded.");
    }
}
