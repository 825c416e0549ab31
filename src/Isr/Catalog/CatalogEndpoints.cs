using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Access;
using Isr.Catalog.Coverage;
using Isr.Catalog.Days;
using Isr.Catalog.Levels;
using Isr.Catalog.Keeping;
using Isr.Catalog.Retention;
using Isr.Catalog.Sections;
using Isr.Catalog.Zones;
using Isr.Recording.Status;
using Isr.Serving;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog;

internal static class CatalogEndpoints
{
    public static IEndpointRouteBuilder MapCatalog(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/files", ListAsync)
            .WithSummary("Recordings, newest first. from and to are local dates, q a part of the name; with limit, Link leads to the next page.")
            .Produces<RecordingItem[]>()
            .MayBeKnown()
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .ForListeners();
        api.MapGet("/status", Status).WithSummary("What the recorder does now: status.json, or no active files where none is alive.").Produces<RecorderStatus>().ForListeners();
        api.MapGet("/storage", Storage).WithSummary("Bytes that are free on the disk of the recordings, and in all.").Produces<StorageAnswer>().ForListeners();
        api.MapDays();
        api.MapCoverage();
        api.MapSections();
        api.MapLevels();
        api.MapZone();
        api.MapTrash();
        api.MapBulk();
        api.MapMarks();
        api.MapLabels();
        api.MapDiary();
        api.MapRetention();
        return routes;
    }

    private static async Task<IResult> ListAsync(
        RecordingCatalog catalog,
        HttpContext context,
        CancellationToken cancellationToken,
        string? from = null,
        string? to = null,
        string? q = null,
        string? source = null,
        int? limit = null,
        string? after = null)
    {
        FileCursor cursor = default;
        if (!string.IsNullOrEmpty(after) && !FileCursor.TryRead(after, out cursor))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "after is no place in the list: take it from the Link of the page before.");
        }

        var page = await catalog.ListAsync(new FileFilter(from, to, q, source, limit, string.IsNullOrEmpty(after) ? null : cursor), cancellationToken);
        if (page.Next is { } next)
        {
            // RFC 8288: the same list, from there on.
            var query = new QueryBuilder(context.Request.Query.Where(p => !string.Equals(p.Key, "after", StringComparison.OrdinalIgnoreCase))) { { "after", next.ToString() } };
            context.Response.Headers.Link = $"<{context.Request.PathBase.ToUriComponent()}{context.Request.Path.ToUriComponent()}{query}>; rel=\"next\"";
        }

        return EntityTags.Json(context, JsonSerializer.SerializeToUtf8Bytes([.. page.Items], CatalogJson.Default.RecordingItemArray));
    }

    private static ContentHttpResult Status(RecordingCatalog catalog, TimeProvider time)
    {
        var status = RecorderStatus.Read(catalog.Folder, time);
        return TypedResults.Text(
            status.Pid is null ? """{"active": []}""" : JsonSerializer.Serialize(status, StatusJson.Default.RecorderStatus),
            "application/json");
    }

    private static JsonHttpResult<StorageAnswer> Storage(RecordingCatalog catalog)
    {
        StorageAnswer answer;
        try
        {
            var drive = new DriveInfo(catalog.Folder);
            answer = new StorageAnswer(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            answer = new StorageAnswer(null, null);
        }

        return TypedResults.Json(answer, CatalogJson.Default.StorageAnswer);
    }
}

/// <summary>Bytes that a user may still write, and in all; null when unknown.</summary>
internal sealed record StorageAnswer(long? DiskFree, long? DiskTotal);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RecordingItem[]))]
[JsonSerializable(typeof(StorageAnswer))]
internal sealed partial class CatalogJson : JsonSerializerContext;
