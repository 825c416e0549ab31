using System.Diagnostics.CodeAnalysis;
using Isr.Access;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Keeping;

/// <summary>Deleting and restoring many recordings at once: each is done or refused as if it were alone, and the index looks at all of them once.</summary>
internal static class BulkEndpoints
{
    private const int MaxAtOnce = 1000;

    public static void MapBulk(this IEndpointRouteBuilder api) => api.MapPost("/trash", DeleteAsync).ForManagers()
        .WithSummary("Moves up to a thousand recordings to the trash, and says of each what became of it.")
        .Accepts<FilesBody>("application/json")
        .Produces<DeletedManyAnswer>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge);

    /// <summary>Puts back what the trash calls by these ids.</summary>
    public static async Task<IResult> RestoreAsync(string[] ids, HttpContext context, CatalogUpdater updater, IKeeper keeper)
    {
        if (!IsGood(ids))
        {
            return WrongCount("ids");
        }

        var by = Caller.Of(context).ToString();
        var answer = await keeper.DoAsync(new DoEach([.. ids.Select(id => new RestoreItem(id, null) { By = by })]) { By = by }, CancellationToken.None);
        if (answer.Each is not { } each)
        {
            return TrashEndpoints.Refused(answer);
        }

        var restored = ids.Zip(each).Where(item => item.Second.IsDone).Select(item => new TrashedFile(item.Second.Name!, item.First)).ToList();
        updater.FollowJournal(CancellationToken.None);
        updater.Refresh(restored.Select(item => item.Name), CancellationToken.None);
        restored.ForEach(item => context.Audit(AuditEntry.Restored, item.Name));
        return TypedResults.Json(
            new RestoredManyAnswer(restored, [.. ids.Zip(each).Where(item => !item.Second.IsDone).Select(item => new RefusedItem(item.First, item.Second.Sentence ?? ""))]),
            KeepingJson.Default.RestoredManyAnswer);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, RecordingCatalog catalog, CatalogUpdater updater, IKeeper keeper, CancellationToken cancellationToken)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context, KeepingJson.Default.FilesBody);
        if (body is null)
        {
            return refusal!;
        }

        if (!IsGood(body.Files))
        {
            return WrongCount("files");
        }

        var changes = new List<KeepRequest>(body.Files.Length);
        foreach (var name in body.Files)
        {
            changes.Add(await TrashEndpoints.DeletionAsync(name, Caller.Of(context), catalog, cancellationToken));
        }

        var answer = await keeper.DoAsync(new DoEach(changes) { By = Caller.Of(context).ToString() }, CancellationToken.None);
        if (answer.Each is not { } each)
        {
            return TrashEndpoints.Refused(answer);
        }

        var deleted = body.Files.Zip(each).Where(item => item.Second.IsDone).Select(item => new TrashedFile(item.First, item.Second.Id!)).ToList();
        updater.Refresh(deleted.Select(item => item.Name), CancellationToken.None);
        deleted.ForEach(item => context.Audit(AuditEntry.Deleted, item.Name));
        return TypedResults.Json(
            new DeletedManyAnswer(deleted, [.. body.Files.Zip(each).Where(item => !item.Second.IsDone).Select(item => new RefusedFile(item.First, item.Second.Sentence ?? ""))]),
            KeepingJson.Default.DeletedManyAnswer);
    }

    private static bool IsGood([NotNullWhen(true)] string[]? names) =>
        names is { Length: >= 1 and <= MaxAtOnce } && !Array.Exists(names, name => name is null);

    private static JsonHttpResult<Problem> WrongCount(string member) =>
        Problem.Of(StatusCodes.Status400BadRequest, $"{member} must be a list of 1 to {MaxAtOnce} texts.");
}
