using Isr.Catalog;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Isr.Playback;

internal static class PlaybackEndpoints
{
    public static IEndpointRouteBuilder MapPlayback(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/stream/{**name}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, RecordingCatalog catalog) => SendAsync(context, catalog, "/stream/", isDownload: false));
        routes.MapMethods("/download/{**name}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, RecordingCatalog catalog) => SendAsync(context, catalog, "/download/", isDownload: true));
        return routes;
    }

    /// <summary>
    /// The file's bytes, whole or a range (RFC 9110 section 14). A file being recorded ends, for this answer,
    /// where it ends now.
    /// </summary>
    private static async Task<IResult> SendAsync(HttpContext context, RecordingCatalog catalog, string prefix, bool isDownload)
    {
        var name = NameIn(context, prefix);
        if (await catalog.FindAsync(name, context.RequestAborted) is not { } item || OpenInside(catalog.Folder, name) is not { } file)
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

    /// <summary>
    /// From the request line itself: routing leaves "%2F" as it is, and then it cannot be told from "%252F".
    /// </summary>
    private static string NameIn(HttpContext context, string prefix)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : target.Length);
        return path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(path[prefix.Length..]) : "";
    }

    /// <summary>
    /// Opens a listed file and asks the kernel where it really is, so that no link that was laid in between
    /// leads out of the folder.
    /// </summary>
    private static FileStream? OpenInside(string folder, string name)
    {
        try
        {
            var file = new FileStream(
                Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            var truth = new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;
            var root = Path.GetFullPath(folder);
            if (truth is not null && (truth.StartsWith(root + "/", StringComparison.Ordinal) || truth.StartsWith(RealPath(root) + "/", StringComparison.Ordinal)))
            {
                return file;
            }

            file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted since it was listed, or not readable: the same to the caller.
        }

        return null;
    }

    /// <summary>The folder with every link on the way to it resolved.</summary>
    private static string RealPath(string folder)
    {
        var real = "/";
        foreach (var part in folder.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            real = Directory.ResolveLinkTarget(real, returnFinalTarget: true)?.FullName ?? real;
        }

        return real;
    }

    private static string ContentTypeOf(string extension) => extension switch
    {
        ".mp3" => "audio/mpeg",
        ".aac" => "audio/aac",
        ".flac" => "audio/flac",
        ".wav" => "audio/wav",
        _ => "audio/ogg",
    };
}
