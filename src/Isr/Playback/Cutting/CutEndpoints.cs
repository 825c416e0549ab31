using Isr.Access;
using Isr.Catalog.Coverage;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Playback.Cutting;

internal static class CutEndpoints
{
    public static IEndpointRouteBuilder MapCuts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/cut", CutAsync)
            .WithSummary("A stretch of a recording, or of a source's recordings, as a download in its own format.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: "audio/flac", additionalContentTypes: ["audio/mpeg", "audio/aac", "audio/ogg", "audio/wav"])
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status409Conflict, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.MediaType)
            .ForListeners();
        return routes;
    }

    private static async Task<Results<CutAnswer, JsonHttpResult<Problem>>> CutAsync(
        HttpContext context,
        RecordingCutter recordings,
        SourceCutter sources,
        AnswerPlaces places,
        CancellationToken cancellationToken,
        string? file = null,
        string? start = null,
        string? end = null,
        string? source = null,
        string? from = null,
        string? to = null)
    {
        if (string.IsNullOrEmpty(file) == string.IsNullOrEmpty(source))
        {
            return Wrong("Which recording? Add file=NAME with start and end, or source=NAME with from and to.");
        }

        if (await places.TakeAsync(context, isClip: false) is { } full)
        {
            return full;
        }

        if (!string.IsNullOrEmpty(file))
        {
            return CutTime.TryParse(start, out var first) && CutTime.TryParse(end, out var last)
                ? WriteDown(context, await recordings.CutAsync(file, first, last, cancellationToken), file, $"{start} to {end}")
                : Wrong("start and end are seconds (90.5), m:ss (1:30) or h:mm:ss (0:01:30) from the start of the recording.");
        }

        return TryParseTime(from, isEnd: false, out var since) && TryParseTime(to, isEnd: true, out var until)
            ? WriteDown(context, await sources.CutAsync(source!, since, until, cancellationToken), source!, $"{from} to {to}")
            : Wrong("from and to are times in UTC (2026-05-23T20:31:30Z), or with their offset (2026-05-23T22:31:30%2B02:00).");
    }

    private static Results<CutAnswer, JsonHttpResult<Problem>> WriteDown(HttpContext context, Results<CutAnswer, JsonHttpResult<Problem>> answer, string name, string span)
    {
        if (answer.Result is CutAnswer)
        {
            context.Audit(AuditEntry.Cut, name, span);
        }

        return answer;
    }

    private static JsonHttpResult<Problem> Wrong(string sentence) => Problem.Of(StatusCodes.Status400BadRequest, sentence);

    /// <summary>What has no offset is UTC.</summary>
    private static bool TryParseTime(string? text, bool isEnd, out DateTimeOffset time)
    {
        var isTime = LocalMoment.TryRead(text, TimeZoneInfo.Utc, isEnd, out var utc);
        time = new DateTimeOffset(utc, TimeSpan.Zero);
        return isTime;
    }
}
