using System.Globalization;
using Isr.Access;
using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Audio.Levels;
using Isr.Catalog.Coverage;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Sections;

internal static class SectionEndpoints
{
    private const int MaxDisplay = 800;

    public static void MapSections(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sections", Find)
            .WithSummary("What stands out in a source, or in all, within a span of local time, over the joints of files.")
            .Produces<SectionsAnswer>()
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .ForListeners();
        api.MapGet("/analyze", AnalyzeAsync)
            .WithSummary("What stands out in one recording, and how loud it is.")
            .Produces<AnalyzeAnswer>()
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
            .ForListeners();
    }

    private static Results<JsonHttpResult<SectionsAnswer>, JsonHttpResult<Problem>> Find(
        SectionFinder finder,
        CatalogOptions options,
        TimeProvider time,
        CancellationToken cancellationToken,
        string? source = null,
        string? from = null,
        string? to = null,
        string? margin = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "min_gap")] string? minGap = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "min_duration")] string? minDuration = null) =>
        !CoverageSpan.TryRead(from, to, time, out var span, out var sentence) ? Problem.Of(StatusCodes.Status400BadRequest, sentence)
        : finder.Find(span, source, Parameters(margin, minGap, minDuration, options), time.LocalTimeZone, cancellationToken) is { } answer ? TypedResults.Json(answer, SectionsJson.Default.SectionsAnswer)
        : Problem.Of(StatusCodes.Status400BadRequest, $"There are more than {SectionFinder.MostSections} sections: ask for a shorter span, or with a larger margin, min_gap or min_duration.");

    private static async Task<Results<JsonHttpResult<AnalyzeAnswer>, JsonHttpResult<Problem>>> AnalyzeAsync(
        RecordingCatalog catalog,
        LevelStore store,
        LevelRequests requests,
        CatalogOptions options,
        CancellationToken cancellationToken,
        string? file = null,
        string? margin = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "min_gap")] string? minGap = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "min_duration")] string? minDuration = null)
    {
        if (string.IsNullOrEmpty(file))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Which recording? Add file=NAME, with a name as /api/files gives it.");
        }

        if (await catalog.FindAsync(file, cancellationToken) is not { } item || !RecordingScan.TryFind(catalog.Folder, file, out var found))
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is no recording by that name.");
        }

        var parameters = Parameters(margin, minGap, minDuration, options);
        if (!item.Recording && store.TryReadRms(file, found.Size, found.Mtime) is { } kept)
        {
            return Answer(kept, parameters, isCached: true, isPartial: false);
        }

        var measured = item.Recording
            ? await requests.GetSoFarAsync(store.RecordingOf(file), Urgency.Asked, cancellationToken)
            : await requests.GetAsync(file, Urgency.Asked, cancellationToken);
        return measured.Levels is { } levels
            ? Answer(new LevelRms(levels.SampleRate, levels.WindowSamples, levels.Samples, levels.Rms, item.Recording ? null : measured.DamagedFrom), parameters, isCached: false, item.Recording)
            : Problem.Of(StatusCodes.Status422UnprocessableEntity, measured.Sentence ?? "Nothing in this file could be decoded.");
    }

    private static JsonHttpResult<AnalyzeAnswer> Answer(LevelRms levels, DetectionParameters parameters, bool isCached, bool isPartial)
    {
        using var part = new LevelsPart(default, levels.SampleRate, levels.Samples, levels.Rms);
        return TypedResults.Json(
            new AnalyzeAnswer(
                RecordingLevels.Loudest(levels.Rms.Span, MaxDisplay),
                SectionDetector.Detect(part, parameters),
                DecimalRounding.Round(part.Duration, 2),
                DecimalRounding.Round((double)levels.WindowSamples / levels.SampleRate, 4),
                isCached)
            {
                Partial = isPartial ? true : null,
                DamagedFrom = levels.DamagedFrom,
            },
            SectionsJson.Default.AnalyzeAnswer);
    }

    /// <summary>What is no number is replaced by the server's own.</summary>
    private static DetectionParameters Parameters(string? margin, string? minGap, string? minDuration, CatalogOptions options) =>
        DetectionParameters.Within(Number(margin), Number(minGap), Number(minDuration), options.Detection);

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
