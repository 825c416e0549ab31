using System.Text.Json;
using Isr.Access;
using Isr.Catalog.Coverage;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Isr.Catalog.Keeping;

/// <summary>What people say of recordings.</summary>
internal static class MarkEndpoints
{
    private const int UsualLimit = 1000;
    private const int MostAtOnce = 10_000;

    public static void MapMarks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/marks", ListAsync).ForListeners()
            .WithSummary("Marks in the order of their times; Link names the next ones.")
            .Produces<Mark[]>().MayBeKnown().Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType);
        api.MapGet("/marks/{id}", Find).ForListeners()
            .WithSummary("One mark.")
            .Produces<Mark>().MayBeKnown().Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType);
        api.MapPut("/marks/{id}", PutOneAsync).ForManagers()
            .WithSummary("Marks a recording or a stretch of it, in place of the mark with that id.")
            .Accepts<Mark>("application/json")
            .Produces<Mark>().Produces<Mark>(StatusCodes.Status201Created).Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge);
        api.MapPut("/marks", PutAllAsync).ForManagers()
            .WithSummary("Puts up to a thousand marks: all, or none where one is wrong.")
            .Accepts<Mark[]>("application/json")
            .Produces<Mark[]>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge);
        api.MapDelete("/marks/{id}", RemoveAsync).ForManagers()
            .WithSummary("Removes a mark.")
            .Produces<MarkRemovedAnswer>().Refuses(StatusCodes.Status404NotFound);
    }

    /// <summary>What is known of a recording, so that its marks are found under other names, too.</summary>
    public static async Task<MarkedFile> MarkedAsync(RecordingCatalog catalog, string name, CancellationToken cancellationToken) =>
        RecordingScan.IsListedName(name) && await catalog.FindAsync(name, cancellationToken) is { Started: { } started } item
            ? new MarkedFile(name, item.Source, started, item.Duration is { } seconds ? MarkTimes.After(started, seconds) : DateTimeOffset.MaxValue)
            : new MarkedFile(name, null, null, null);

    /// <summary>A moment with its offset, or local, or a date; false when it is none of them.</summary>
    public static bool TryReadMoment(string? text, bool isEnd, TimeProvider time, out DateTimeOffset? moment)
    {
        moment = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var isMoment = LocalMoment.TryRead(text, time.LocalTimeZone, isEnd, out var ticks);
        moment = isMoment ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        return isMoment;
    }

    public static IResult WrongMoment(string? from, string? to) =>
        Problem.Of(StatusCodes.Status400BadRequest, $"from and to are dates (2026-05-23) or times (2026-05-23 14:30:00, 2026-05-23T12:30:00Z), not '{from}' and '{to}'.");

    private static async Task<IResult> ListAsync(
        HttpContext context,
        MarkStore marks,
        RecordingCatalog catalog,
        TimeProvider time,
        CancellationToken cancellationToken,
        string? file = null,
        string? source = null,
        string? from = null,
        string? to = null,
        string? label = null,
        bool? reviewed = null,
        int? limit = null,
        string? after = null)
    {
        if (!TryReadMoment(from, isEnd: false, time, out var begin) || !TryReadMoment(to, isEnd: true, time, out var end))
        {
            return WrongMoment(from, to);
        }

        var place = MarkPlace.First;
        if (!string.IsNullOrEmpty(after) && !MarkPlace.TryParse(after, out place))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "after must be what the Link of an answer says.");
        }

        if (limit is < 1)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "limit must be at least 1.");
        }

        var filter = new MarkFilter
        {
            File = string.IsNullOrEmpty(file) ? null : await MarkedAsync(catalog, file, cancellationToken),
            Source = string.IsNullOrEmpty(source) ? null : source,
            From = begin,
            To = end,
            Label = string.IsNullOrEmpty(label) ? null : label,
            Reviewed = reviewed,
        };
        var most = Math.Min(limit ?? UsualLimit, MostAtOnce);
        var found = marks.List(filter, place, most);
        if (found.Count > most)
        {
            found.RemoveAt(most);
            var query = context.Request.Query.Where(q => q.Key != "after").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
            var next = QueryHelpers.AddQueryString(context.Request.PathBase + context.Request.Path, query.Append(new("after", MarkPlace.Of(found[^1]).ToString())));
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return EntityTags.Json(context, JsonSerializer.SerializeToUtf8Bytes([.. found], KeepingJson.Default.MarkArray));
    }

    private static IResult Find(string id, HttpContext context, MarkStore marks) => marks.Find(id) is { } mark
        ? EntityTags.Json(context, JsonSerializer.SerializeToUtf8Bytes(mark, KeepingJson.Default.Mark))
        : NoMark();

    private static async Task<IResult> PutOneAsync(
        string id, HttpContext context, RecordingCatalog catalog, MarkStore marks, IKeeper keeper, TimeProvider time, CancellationToken cancellationToken)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context, KeepingJson.Default.Mark);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Id is { Length: > 0 } own && own != id)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "The id in the body is not the one in the address.");
        }

        var (put, answer) = await PutAsync([body with { Id = id }], context, catalog, marks, keeper, time, cancellationToken);
        return put is null ? answer : answer is IStatusCodeHttpResult { StatusCode: StatusCodes.Status201Created }
            ? TypedResults.Json(put[0], KeepingJson.Default.Mark, statusCode: StatusCodes.Status201Created)
            : TypedResults.Json(put[0], KeepingJson.Default.Mark);
    }

    private static async Task<IResult> PutAllAsync(
        HttpContext context, RecordingCatalog catalog, MarkStore marks, IKeeper keeper, TimeProvider time, CancellationToken cancellationToken)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context, KeepingJson.Default.MarkArray);
        if (body is null)
        {
            return refusal!;
        }

        var (put, answer) = await PutAsync(body, context, catalog, marks, keeper, time, cancellationToken);
        return put is null ? answer : TypedResults.Json(put, KeepingJson.Default.MarkArray);
    }

    /// <summary>The marks as they are now, or the refusal.</summary>
    private static async Task<(Mark[]? Put, IResult Answer)> PutAsync(
        Mark[] sent, HttpContext context, RecordingCatalog catalog, MarkStore marks, IKeeper keeper, TimeProvider time, CancellationToken cancellationToken)
    {
        if (MarkRules.Mistake(sent) is { } wrong)
        {
            return (null, Problem.Of(StatusCodes.Status400BadRequest, wrong));
        }

        var put = new Mark[sent.Length];
        for (var i = 0; i < sent.Length; i++)
        {
            var (mark, fit) = MarkTimes.Fill(sent[i], await catalog.FindAsync(sent[i].File, cancellationToken), marks.Find(sent[i].Id));
            if (mark is null)
            {
                return (null, TrashEndpoints.Refused(fit));
            }

            put[i] = mark with { By = Caller.Of(context).ToString(), At = time.GetUtcNow() };
        }

        var answer = put.Length == 0 ? KeepAnswer.Done : await keeper.DoAsync(new PutMarks(put), CancellationToken.None);
        if (answer.IsDone)
        {
            context.Audit(AuditEntry.Marked, put.Length == 1 ? put[0].Id : null, put.Length == 1 ? put[0].File : $"{put.Length} marks");
        }

        return answer.IsDone
            ? (put, TypedResults.StatusCode(answer.Status == KeepStatus.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK))
            : (null, TrashEndpoints.Refused(answer));
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext context, IKeeper keeper)
    {
        var answer = await keeper.DoAsync(new RemoveMark(id) { By = Caller.Of(context).ToString() }, CancellationToken.None);
        if (!answer.IsDone)
        {
            return TrashEndpoints.Refused(answer);
        }

        context.Audit(AuditEntry.Unmarked, id);
        return TypedResults.Json(new MarkRemovedAnswer(id), KeepingJson.Default.MarkRemovedAnswer);
    }

    private static JsonHttpResult<Problem> NoMark() => Problem.Of(StatusCodes.Status404NotFound, "There is no mark of that id.");
}
