using System.Globalization;
using Isr.Access;
using Isr.Audio;
using Isr.Audio.Wav;
using Isr.Codecs;
using Isr.Interop;
using Isr.Playback.Samples;
using Isr.Serving;

namespace Isr.Playback.Export;

internal static class ExportEndpoints
{
    /// <summary>Seconds of the answer in which no file had anything, as far as that is known before they are read.</summary>
    public const string SilenceHeader = "X-Isr-Silence";

    public static void MapExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/export", SendAsync).ForListeners()
            .WithSummary("A span of wall-clock time of a source as one file, across recordings, with silence where nothing was recorded; at most 25 hours.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: "audio/wav", additionalContentTypes: ["audio/flac"])
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status409Conflict, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status422UnprocessableEntity, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.MediaType);

    private static async Task<IResult> SendAsync(
        HttpContext context, ExportFinder finder, SampleLibrary library, AnswerPlaces places, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken, string? source = null, string? from = null, string? to = null, string? format = null)
    {
        if (string.IsNullOrEmpty(source) || (format ?? "wav") is not ("wav" or "flac"))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "What of which source? Give source=NAME, from=TIME, to=TIME and format=wav or format=flac.");
        }

        if (!ExportSpan.TryRead(from, to, time, out var span, out var sentence))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, sentence);
        }

        var isFlac = format == "flac";
        if (isFlac && !NativeLibraries.HasFlac)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, NativeLibraries.FlacSentence + ".");
        }

        if (await finder.FindAsync(source, span, cancellationToken) is not { Plan: { } plan } found)
        {
            return Problem.Of(StatusCodes.Status404NotFound, finder.Knows(source) ? "Nothing was recorded of this source within that span." : "There is no source by that name.");
        }

        if (found.Difference is { } difference)
        {
            return Problem.Of(StatusCodes.Status409Conflict, difference);
        }

        if (await places.TakeAsync(context, isClip: false) is { } full)
        {
            return full;
        }

        var reader = new ExportReader(plan, library, loggers.CreateLogger<ExportReader>());
        var answer = default(ExportAnswer);
        try
        {
            if (await reader.BeginAsync(cancellationToken) is { } reason)
            {
                return Problem.Of(StatusCodes.Status422UnprocessableEntity, reason);
            }

            var pcm = new AudioFormat(AudioCodec.Pcm, reader.Format.SampleRate, reader.Format.Channels, reader.Bits);
            if (isFlac && pcm.Channels > 8)
            {
                return Problem.Of(StatusCodes.Status409Conflict, $"FLAC holds 8 channels at most, and these are {pcm.Channels}: ask for format=wav.");
            }

            var total = ExportPlan.SamplesOf(span.Length, pcm.SampleRate);
            var start = TimeZoneInfo.ConvertTime(new DateTimeOffset(span.From, TimeSpan.Zero), time.LocalTimeZone);
            var end = TimeZoneInfo.ConvertTime(new DateTimeOffset(span.To, TimeSpan.Zero), time.LocalTimeZone);
            IFileMuxer muxer = isFlac ? new FlacEncodingMuxer(pcm) { Announced = total } : new WavFileMuxer(pcm) { Announced = total };
            context.Audit(AuditEntry.Exported, source, $"{from} to {to}");
            return answer = new ExportAnswer(reader, muxer, pcm, total, new FileFacts(source, start), NameOf(source, start, end, muxer.Extension));
        }
        finally
        {
            if (answer is null)
            {
                reader.Dispose();
            }
        }
    }

    private static string NameOf(string source, DateTimeOffset start, DateTimeOffset end, string extension) => string.Create(
        CultureInfo.InvariantCulture, $"{source.Replace('/', '_')}_{start:yyyyMMdd_HH-mm-ss}_{end:HH-mm-ss}{extension}");
}
