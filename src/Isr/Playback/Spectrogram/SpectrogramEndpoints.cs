using System.Globalization;
using Isr.Access;
using Isr.Audio.Spectrum;
using Isr.Playback.Samples;
using Isr.Serving;
using Microsoft.Net.Http.Headers;

namespace Isr.Playback.Spectrogram;

internal static class SpectrogramEndpoints
{
    private const int MaxSeconds = 600;
    private const int UsualColumns = 1024;
    private const int MaxColumns = 4096;
    private const int UsualRows = 256;
    private const int MinRows = 16;
    private const int MaxRows = 1024;

    private const string MediaType = "application/vnd.isr.spectrogram";

    public static void MapSpectrograms(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/spectrogram", SendAsync).ForListeners()
            .WithSummary("How a stretch of a recording, of at most 600 seconds, sounds by time and frequency; start and end are seconds from the recording's beginning, bins rows of frequency.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: MediaType)
            .MayBeKnown()
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.MediaType);

    private static async Task<IResult> SendAsync(
        HttpContext context,
        SampleLibrary library,
        SpectrogramReader reader,
        AnswerPlaces places,
        CancellationToken cancellationToken,
        string? file = null,
        string? start = null,
        string? end = null,
        int columns = UsualColumns,
        int bins = UsualRows)
    {
        if (string.IsNullOrEmpty(file) || !TryRead(start, out var from) || !TryRead(end, out var to))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Which stretch of which recording? Give file=NAME, start=SECONDS and end=SECONDS, as in file=news/20260523_220000.flac&start=12.5&end=20.");
        }

        if (columns is < 1 or > MaxColumns || bins is < MinRows or > MaxRows)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"columns is a number from 1 to {MaxColumns}, bins one from {MinRows} to {MaxRows}.");
        }

        if (await places.TakeAsync(context, isClip: true) is { } full)
        {
            return full;
        }

        var opened = await library.OpenAsync(file, cancellationToken);
        if (opened.Recording is not { } recording)
        {
            return Problem.Of(opened.Status, opened.Sentence);
        }

        using var samples = recording.Samples;
        var (rate, total) = (samples.SampleRate, samples.Samples);
        var (first, next) = (Place(from, rate, total), Place(to, rate, total));
        if (first >= next)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"There is nothing from {start} to {end}: the recording is {((double)total / rate).ToString("0.###", CultureInfo.InvariantCulture)} seconds long.");
        }

        if (next - first > (long)MaxSeconds * rate)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"A spectrogram is of at most {MaxSeconds} seconds; ask for several.");
        }

        var tag = recording.IsGrowing ? null : new EntityTagHeaderValue($"\"{recording.Length:x}-{recording.Modified.Ticks:x}-{first:x}-{next:x}-{columns:x}-{bins:x}\"");
        if (tag is not null && EntityTags.IsOther(context.Request.GetTypedHeaders(), tag))
        {
            context.Response.Headers.CacheControl = "no-store";
            return Problem.Of(StatusCodes.Status412PreconditionFailed);
        }

        context.Response.Headers.CacheControl = recording.IsGrowing ? "no-store" : "private, max-age=86400";
        if (tag is not null && IsKnown(context.Request, tag))
        {
            // Not worth decoding.
            context.Response.GetTypedHeaders().ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var (bytes, sentence) = await reader.ReadAsync(samples, first, SpectrogramShape.Of(rate, next - first, columns, bins), cancellationToken);
        if (bytes is null)
        {
            context.Response.Headers.CacheControl = "no-store";
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, sentence!);
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(bytes, MediaType, entityTag: tag);
    }

    private static bool TryRead(string? text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);

    /// <summary>The nearest sample; what lies outside is the nearest end.</summary>
    private static long Place(double seconds, int rate, long total) => (long)Math.Clamp(Math.Round(seconds * rate), 0, total);

    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
}
