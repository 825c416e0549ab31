using System.Text.Json;
using Isr.Access;
using Isr.Serving;

namespace Isr.Catalog.Keeping;

/// <summary>The labels that keys 1 to 9 of the page give.</summary>
internal static class LabelEndpoints
{
    public static void MapLabels(this IEndpointRouteBuilder api)
    {
        api.MapGet("/labels", Read).ForListeners()
            .WithSummary("The labels of keys 1 to 9: nine, empty for a key without one.")
            .Produces<string[]>().MayBeKnown();
        api.MapPut("/labels", PutAsync).ForManagers()
            .WithSummary("Gives keys 1 to 9 other labels; marks that have the old ones keep them.")
            .Accepts<string[]>("application/json")
            .Produces<string[]>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge);
    }

    private static IResult Read(HttpContext context, LabelStore labels) =>
        EntityTags.Json(context, JsonSerializer.SerializeToUtf8Bytes(labels.Read(), KeepingJson.Default.StringArray));

    private static async Task<IResult> PutAsync(HttpContext context, IKeeper keeper)
    {
        var (labels, refusal) = await RequestBody.ReadAsync(context, KeepingJson.Default.StringArray);
        if (labels is null)
        {
            return refusal!;
        }

        var answer = await keeper.DoAsync(new PutLabels(labels) { By = Caller.Of(context).ToString() }, CancellationToken.None);
        if (!answer.IsDone)
        {
            return TrashEndpoints.Refused(answer);
        }

        context.Audit(AuditEntry.Labelled, null, string.Join(", ", labels.Index().Where(key => key.Item.Length > 0).Select(key => $"{key.Index + 1} {key.Item}")));
        return TypedResults.Json(labels, KeepingJson.Default.StringArray);
    }
}
