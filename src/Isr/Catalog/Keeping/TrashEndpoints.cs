using Isr.Access;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Keeping;

/// <summary>Deleting recordings, and taking that back.</summary>
internal static class TrashEndpoints
{
    private const string Files = "/api/files/";

    public static void MapTrash(this IEndpointRouteBuilder api)
    {
        api.MapDelete("/files/{**name}", DeleteAsync).ForManagers()
            .WithSummary("Moves a recording to the trash, where it can be restored from for a week.")
            .Produces<DeletedAnswer>().Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapGet("/trash", List).ForListeners()
            .WithSummary("What is in the trash, what was deleted last first.")
            .Produces<TrashItem[]>();
        api.MapPost("/trash/restore", RestoreAsync).ForManagers()
            .WithSummary("Puts a recording back where it was, or beside that with _2 where its place is taken. Of up to a thousand ids the answer says of each what became of it, in restored and refused.")
            .Accepts<RestoreBody>("application/json")
            .Produces<RestoredAnswer>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
        api.MapDelete("/trash/{id}", (string id, HttpContext context, IKeeper keeper, CancellationToken cancellationToken) => PurgeAsync(id, context, keeper, cancellationToken)).ForManagers()
            .WithSummary("Deletes a recording in the trash for good.")
            .Produces<PurgedAnswer>().Refuses(StatusCodes.Status404NotFound);
        api.MapDelete("/trash", (HttpContext context, IKeeper keeper, CancellationToken cancellationToken) => PurgeAsync(null, context, keeper, cancellationToken)).ForManagers()
            .WithSummary("Deletes everything in the trash for good.")
            .Produces<PurgedAnswer>().Refuses();
    }

    /// <summary>A refusal with its status.</summary>
    public static IResult Refused(KeepAnswer answer) => Problem.Of(
        answer.Status switch
        {
            KeepStatus.Invalid => StatusCodes.Status400BadRequest,
            KeepStatus.NotFound => StatusCodes.Status404NotFound,
            KeepStatus.Conflict => StatusCodes.Status409Conflict,
            KeepStatus.Forbidden => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status503ServiceUnavailable,
        },
        answer.Sentence ?? "");

    /// <summary>What every change may be answered with, besides its own.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> own)
    {
        foreach (var status in (ReadOnlySpan<int>)[.. own, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable])
        {
            route.Produces<Problem>(status, Problem.MediaType);
        }

        return route;
    }

    /// <summary>The change that moves a recording to the trash, with what is known of it.</summary>
    public static async Task<DeleteRecording> DeletionAsync(string name, Caller caller, RecordingCatalog catalog, CancellationToken cancellationToken)
    {
        var item = RecordingScan.IsListedName(name) ? await catalog.FindAsync(name, cancellationToken) : null;
        return new DeleteRecording(name)
        {
            By = caller.ToString(),
            Source = item?.Source,
            From = item?.Started,
            To = item is { Started: { } started, Duration: { } seconds } ? MarkTimes.After(started, seconds) : null,
        };
    }

    private static JsonHttpResult<TrashItem[]> List(TrashFolder trash) => TypedResults.Json([.. trash.Items()], KeepingJson.Default.TrashItemArray);

    private static async Task<IResult> DeleteAsync(HttpContext context, RecordingCatalog catalog, CatalogUpdater updater, IKeeper keeper, CancellationToken cancellationToken)
    {
        var name = RequestPath.NameIn(context, Files);
        var answer = await keeper.DoAsync(await DeletionAsync(name, Caller.Of(context), catalog, cancellationToken), CancellationToken.None);
        if (!answer.IsDone)
        {
            return Refused(answer);
        }

        updater.Refresh([name], CancellationToken.None);
        context.Audit(AuditEntry.Deleted, name);
        return TypedResults.Json(new DeletedAnswer(name), KeepingJson.Default.DeletedAnswer);
    }

    private static async Task<IResult> RestoreAsync(HttpContext context, CatalogUpdater updater, IKeeper keeper)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context, KeepingJson.Default.RestoreBody);
        if (body is null)
        {
            return refusal!;
        }

        if (new object?[] { body.Id, body.Name, body.Ids }.Count(way => way is not null) != 1)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Say which recording: either id, as GET /api/trash has it, or ids, or name.");
        }

        if (body.Ids is { } ids)
        {
            return await BulkEndpoints.RestoreAsync(ids, context, updater, keeper);
        }

        var answer = await keeper.DoAsync(new RestoreItem(body.Id, body.Name) { By = Caller.Of(context).ToString() }, CancellationToken.None);
        if (!answer.IsDone)
        {
            return Refused(answer);
        }

        updater.FollowJournal(CancellationToken.None);
        updater.Refresh([answer.Name!], CancellationToken.None);
        context.Audit(AuditEntry.Restored, answer.Name);
        return TypedResults.Json(new RestoredAnswer(answer.Name!), KeepingJson.Default.RestoredAnswer);
    }

    private static async Task<IResult> PurgeAsync(string? id, HttpContext context, IKeeper keeper, CancellationToken cancellationToken)
    {
        var answer = await keeper.DoAsync(new PurgeItem(id) { By = Caller.Of(context).ToString() }, cancellationToken);
        if (!answer.IsDone)
        {
            return Refused(answer);
        }

        context.Audit(AuditEntry.Purged, id, $"{answer.Count} recordings, {answer.Bytes} bytes");
        return TypedResults.Json(new PurgedAnswer(answer.Count, answer.Bytes), KeepingJson.Default.PurgedAnswer);
    }
}
