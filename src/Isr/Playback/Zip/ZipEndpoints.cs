using System.Globalization;
using System.Text.Json.Serialization;
using Isr.Access;
using Isr.Catalog;
using Isr.Serving;

namespace Isr.Playback.Zip;

/// <summary>Which recordings are wanted.</summary>
internal sealed record ZipBody(string[]? Files = null);

/// <param name="Path">Where the file is to be had, relative to the page.</param>
/// <param name="Files">How many recordings will be in it.</param>
/// <param name="Bytes">What these hold now.</param>
/// <param name="Name">What it will be called.</param>
internal sealed record ZipAnswer(string Path, int Files, long Bytes, string Name);

/// <summary>Several recordings as one file.</summary>
internal static class ZipEndpoints
{
    private const int MaxAtOnce = 10_000;

    public static void MapZips(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/zip", PrepareAsync).ForListeners()
            .WithSummary("Says where up to 10,000 recordings are to be had as one ZIP file; the address is good for ten minutes.")
            .Accepts<ZipBody>("application/json")
            .Produces<ZipAnswer>()
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status413PayloadTooLarge, Problem.MediaType);
        routes.MapGet("/api/zip/{id}", SendAsync).ForListeners()
            .WithSummary("The ZIP file, made as it is sent, not compressed; a recording that goes on is in it as far as it is.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: "application/zip")
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.MediaType);
    }

    private static async Task<IResult> PrepareAsync(HttpContext context, CatalogOptions options, ZipOrders orders, TimeProvider time)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context, ZipJson.Default.ZipBody);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Files is not { Length: >= 1 and <= MaxAtOnce } || Array.Exists(body.Files, name => name is null))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"files must be a list of 1 to {MaxAtOnce} names of recordings.");
        }

        var names = body.Files.Distinct(StringComparer.Ordinal).ToList();
        var bytes = 0L;
        foreach (var name in names)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            if (!RecordingScan.TryFind(options.Folder, name, out var file))
            {
                return Problem.Of(StatusCodes.Status404NotFound, $"There is no recording {name}.");
            }

            bytes += file.Size;
        }

        var savedAs = string.Create(CultureInfo.InvariantCulture, $"recordings_{time.GetLocalNow():yyyyMMdd_HH-mm-ss}.zip");
        var id = orders.Add(new ZipOrder(names, savedAs));
        return TypedResults.Json(new ZipAnswer("api/zip/" + id, names.Count, bytes, savedAs), ZipJson.Default.ZipAnswer);
    }

    private static async Task<IResult> SendAsync(string id, HttpContext context, ZipOrders orders, AnswerPlaces places, RecordingDoor door, ActiveFiles active, TimeProvider time)
    {
        if (!orders.TryFind(id, out var order))
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is nothing to download at this address any more; choose the recordings again.");
        }

        return await places.TakeAsync(context, isClip: false) is { } full ? full : new ZipStream(order, door, active, time.LocalTimeZone);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ZipBody))]
[JsonSerializable(typeof(ZipAnswer))]
internal sealed partial class ZipJson : JsonSerializerContext;
