using System.Globalization;
using System.Text.Json;
using Isr.Access;
using Isr.Analysis;
using Isr.Serving;

namespace Isr.Catalog.Levels;

internal static class LevelEndpoints
{
    private const int UsualPoints = 800;
    private const int MaxPoints = 10_000;

    public static void MapLevels(this IEndpointRouteBuilder api) => api.MapGet("/levels", GetAsync)
        .WithSummary("How a stretch of a recording looks, or a span of time of a source: lowest, highest and mean level of each of so many points. from and to are seconds with file, instants with source; an empty source is that of recordings without one.")
        .Produces<LevelsAnswer>()
        .MayBeKnown()
        .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
        .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
        .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
        .ForListeners();

    private static async Task<IResult> GetAsync(
        HttpContext context,
        RecordingCatalog catalog,
        LevelStore store,
        LevelRequests requests,
        SourceLevels sources,
        TimeProvider time,
        CancellationToken cancellationToken,
        string? file = null,
        string? source = null,
        string? from = null,
        string? to = null,
        int points = UsualPoints)
    {
        var isOfFile = !string.IsNullOrEmpty(file);
        if (isOfFile ? !string.IsNullOrEmpty(source) : source is null)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Which levels? Add either file=NAME, with a name as /api/files gives it, or source=NAME with from and to.");
        }

        if (points is < 1 or > MaxPoints)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"points is a number from 1 to {MaxPoints}.");
        }

        if (!isOfFile)
        {
            return LevelSpan.TryRead(from, to, time.LocalTimeZone, out var span, out var sentence)
                ? EntityTags.Json(context, JsonSerializer.SerializeToUtf8Bytes(await sources.GatherAsync(source!, span, points, cancellationToken), LevelsJson.Default.SourceLevelsAnswer))
                : Problem.Of(StatusCodes.Status400BadRequest, sentence);
        }

        if (!TryRead(from, 0, out var start) || !TryRead(to, double.PositiveInfinity, out var end) || !(start >= 0 && start < end))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "from and to are seconds from the recording's beginning, from before to.");
        }

        if (await catalog.FindAsync(file!, cancellationToken) is not { } item)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is no recording by that name.");
        }

        var measured = item.Recording
            ? await requests.GetSoFarAsync(store.RecordingOf(file!), Urgency.Asked, cancellationToken)
            : await requests.GetAsync(file!, Urgency.Asked, cancellationToken);
        return measured.Levels is { } levels
            ? EntityTags.Json(context, JsonSerializer.SerializeToUtf8Bytes(
                LevelPoints.Gather(levels, start, end, points) with { Partial = item.Recording ? true : null, DamagedFrom = item.Recording ? null : measured.DamagedFrom },
                LevelsJson.Default.LevelsAnswer))
            : Problem.Of(StatusCodes.Status422UnprocessableEntity, measured.Sentence ?? "Nothing in this file could be decoded.");
    }

    private static bool TryRead(string? text, double otherwise, out double seconds)
    {
        seconds = otherwise;
        return string.IsNullOrEmpty(text) || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds);
    }
}
