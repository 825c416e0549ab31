using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Access;
using Isr.Catalog.Coverage;
using Isr.Catalog.Keeping;
using Isr.Catalog.Retention;
using Isr.Catalog.Sections;
using Isr.Recording.Status;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Isr.Catalog;

internal static class CatalogEndpoints
{
    public static IEndpointRouteBuilder MapCatalog(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/files", ListAsync).ForListeners();
        api.MapGet("/status", Status).ForListeners();
        api.MapGet("/storage", Storage).ForListeners();
        api.MapCoverage();
        api.MapSections();
        api.MapTrash();
        api.MapMarks();
        api.MapDiary();
        api.MapRetention();
        return routes;
    }

    /// <summary>Newest first. Filters: from and to (dates), q (part of the name), source; limit takes the newest.</summary>
    private static async Task<FileContentHttpResult> ListAsync(
        RecordingCatalog catalog, HttpContext context, CancellationToken cancellationToken, string? from = null, string? to = null, string? q = null, string? source = null, int? limit = null)
    {
        var items = await catalog.ListAsync(new FileFilter(from, to, q, source, limit), cancellationToken);
        var json = JsonSerializer.SerializeToUtf8Bytes([.. items], CatalogJson.Default.RecordingItemArray);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(json, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..16]}\""));
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
