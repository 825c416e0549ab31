using System.Globalization;
using Isr.Access;
using Isr.Playback.Samples;
using Isr.Serving;
using Microsoft.Net.Http.Headers;

namespace Isr.Playback.Clips;

internal static class ClipEndpoints
{
    private const int MaxSeconds = 600;

    private const string MediaType = "audio/wav";

    public static void MapClips(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/clip", [HttpMethods.Get, HttpMethods.Head], SendAsync).ForListeners()
            .WithSummary("A stretch of a recording as a WAV file of 16 bits, of at most 600 seconds; start and end are seconds from the recording's beginning.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: MediaType)
            .Produces<Stream>(StatusCodes.Status206PartialContent, contentType: MediaType)
            .MayBeKnown()
            .Produces(StatusCodes.Status416RangeNotSatisfiable)
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.MediaType);

    private static async Task<IResult> SendAsync(
        HttpContext context, SampleLibrary library, AnswerPlaces places, ILoggerFactory loggers, CancellationToken cancellationToken, string? file = null, string? start = null, string? end = null)
    {
        if (string.IsNullOrEmpty(file) || !TryRead(start, out var from) || !TryRead(end, out var to))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Which stretch of which recording? Give file=NAME, start=SECONDS and end=SECONDS, as in file=news/20260523_220000.flac&start=12.5&end=20.");
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

        using var samples = new Owned(recording.Samples);
        var (rate, total) = (samples.Value.SampleRate, samples.Value.Samples);
        var (first, next) = (Place(from, rate, total), Place(to, rate, total));
        if (first >= next)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"There is nothing from {start} to {end}: the recording is {((double)total / rate).ToString("0.###", CultureInfo.InvariantCulture)} seconds long.");
        }

        if (next - first > (long)MaxSeconds * rate)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"A clip is at most {MaxSeconds} seconds long; /api/cut gives longer stretches.");
        }

        var tag = recording.IsGrowing ? null : new EntityTagHeaderValue($"\"{recording.Length:x}-{recording.Modified.Ticks:x}-{first:x}-{next:x}\"");
        context.Response.Headers.CacheControl = recording.IsGrowing ? "no-store" : "private, max-age=86400";
        if (tag is not null && EntityTags.IsOther(context.Request.GetTypedHeaders(), tag))
        {
            context.Response.Headers.CacheControl = "no-store";
            return Problem.Of(StatusCodes.Status412PreconditionFailed);
        }

        if (tag is not null && IsKnown(context.Request, tag))
        {
            // Not worth decoding.
            context.Response.GetTypedHeaders().ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var (clip, sentence) = await ClipStream.BeginAsync(samples.Take(), first, next - first, loggers.CreateLogger<ClipStream>(), cancellationToken);
        if (clip is null)
        {
            context.Response.Headers.CacheControl = "no-store";
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, sentence!);
        }

        if (!context.Request.Headers.Range.ToString().StartsWith("bytes", StringComparison.OrdinalIgnoreCase))
        {
            // The framework takes every unit for bytes; one that is not known must be passed over.
            context.Request.Headers.Range = default;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(clip, MediaType, entityTag: tag, enableRangeProcessing: true);
    }

    private static bool TryRead(string? text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);

    /// <summary>The nearest sample; what lies outside is the nearest end.</summary>
    private static long Place(double seconds, int rate, long total) => (long)Math.Clamp(Math.Round(seconds * rate), 0, total);

    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));

    /// <summary>Disposes of it unless somebody else does.</summary>
    private sealed class Owned(RecordingSamples samples) : IDisposable
    {
        private RecordingSamples? _samples = samples;

        public RecordingSamples Value => _samples!;

        public RecordingSamples Take()
        {
            (var taken, _samples) = (_samples!, null);
            return taken;
        }

        public void Dispose() => _samples?.Dispose();
    }
}
