using Isr.Access;
using Isr.Catalog;
using Isr.Playback.Clips;
using Isr.Playback.Cutting;
using Isr.Playback.Export;
using Isr.Playback.Spectrogram;
using Isr.Playback.Zip;
using Isr.Serving;

namespace Isr.Playback;

internal static class PlaybackEndpoints
{
    private const string Stream = "/stream/";
    private const string Download = "/download/";
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapPlayback(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/stream/{**name}", s_methods, (HttpContext context, RecordingDoor door, ActiveFiles active, TimeProvider time) => Send(context, door, active, time, isDownload: false))
            .WithSummary("A recording to be played, whole or a range of its bytes.")
            .Describe();
        routes.MapMethods("/download/{**name}", s_methods, (HttpContext context, RecordingDoor door, ActiveFiles active, TimeProvider time) => Send(context, door, active, time, isDownload: true))
            .WithSummary("A recording to be saved, whole or a range of its bytes.")
            .Describe();
        routes.MapCuts();
        routes.MapClips();
        routes.MapSpectrograms();
        routes.MapExport();
        routes.MapZips();
        return routes;
    }

    private static void Describe(this RouteHandlerBuilder route) => route
        .ForListeners()
        .Produces<Stream>(StatusCodes.Status200OK, contentType: "audio/mpeg", additionalContentTypes: ["audio/aac", "audio/flac", "audio/wav", "audio/ogg"])
        .Produces<Stream>(StatusCodes.Status206PartialContent, contentType: "audio/mpeg", additionalContentTypes: ["audio/aac", "audio/flac", "audio/wav", "audio/ogg"])
        .Produces(StatusCodes.Status304NotModified)
        .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
        .Produces<Problem>(StatusCodes.Status412PreconditionFailed, Problem.MediaType)
        .Produces(StatusCodes.Status416RangeNotSatisfiable)
        .Produces<Problem>(StatusCodes.Status500InternalServerError, Problem.MediaType);

    private static IResult Send(HttpContext context, RecordingDoor door, ActiveFiles active, TimeProvider time, bool isDownload)
    {
        var name = RequestPath.NameIn(context, isDownload ? Download : Stream);
        if (door.TryOpen(name) is not { } file)
        {
            return TypedResults.NotFound();
        }

        // The index is not asked: the file itself is what is sent, and status.json tells whether it grows.
        return new FileAnswer(file, ContentTypeOf(Path.GetExtension(name)))
        {
            SavedAs = isDownload ? Path.GetFileName(name) : null,
            IsGrowing = active.Read().Names.Contains(name),
            Now = time.GetUtcNow(),
        };
    }

    public static string ContentTypeOf(string extension) => extension.ToLowerInvariant() switch
    {
        ".mp3" => "audio/mpeg",
        ".aac" => "audio/aac",
        ".flac" => "audio/flac",
        ".wav" => "audio/wav",
        _ => "audio/ogg",
    };
}
