using Isr.Access;
using Isr.Catalog;
using Isr.Playback.Clips;
using Isr.Playback.Cutting;
using Isr.Playback.Export;
using Isr.Serving;
using Microsoft.Net.Http.Headers;

namespace Isr.Playback;

internal static class PlaybackEndpoints
{
    public static IEndpointRouteBuilder MapPlayback(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/stream/{**name}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, RecordingCatalog catalog, RecordingDoor door) => SendAsync(context, catalog, door, "/stream/", isDownload: false)).ForListeners();
        routes.MapMethods("/download/{**name}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, RecordingCatalog catalog, RecordingDoor door) => SendAsync(context, catalog, door, "/download/", isDownload: true)).ForListeners();
        routes.MapCuts();
        routes.MapClips();
        routes.MapExport();
        return routes;
    }

    public static string ContentTypeOf(string extension) => extension switch
    {
        ".mp3" => "audio/mpeg",
        ".aac" => "audio/aac",
        ".flac" => "audio/flac",
        ".wav" => "audio/wav",
        _ => "audio/ogg",
    };

    /// <summary>
    /// The file's bytes, whole or a range (RFC 9110 section 14). A file being recorded ends, for this answer,
    /// where it ends now.
    /// </summary>
    private static async Task<IResult> SendAsync(HttpContext context, RecordingCatalog catalog, RecordingDoor door, string prefix, bool isDownload)
    {
        var name = RequestPath.NameIn(context, prefix);
        if (await catalog.FindAsync(name, context.RequestAborted) is not { } item || door.TryOpen(name) is not { } file)
        {
            return TypedResults.NotFound();
        }

        if (!context.Request.Headers.Range.ToString().StartsWith("bytes", StringComparison.OrdinalIgnoreCase))
        {
            // The framework takes every unit for bytes; one that is not known must be passed over.
            context.Request.Headers.Range = default;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        var type = ContentTypeOf(item.Ext);
        var download = isDownload ? Path.GetFileName(name) : null;
        if (item.Recording)
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Stream(new FileSoFar(file), type, download, enableRangeProcessing: true);
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle), TimeSpan.Zero);
        var tag = new EntityTagHeaderValue($"\"{file.Length:x}-{modified.Ticks:x}\"");
        return TypedResults.Stream(file, type, download, modified, tag, enableRangeProcessing: true);
    }
}
