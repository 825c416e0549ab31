using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Isr.Serving;

/// <summary>Answers that need not be sent again to who has them (RFC 9110 section 8.8.3).</summary>
internal static class EntityTags
{
    private const int TagDigits = 16;

    /// <summary>What <see cref="Json"/> may be answered with instead.</summary>
    public static RouteHandlerBuilder MayBeKnown(this RouteHandlerBuilder route) => route
        .Produces(StatusCodes.Status304NotModified)
        .Produces<Problem>(StatusCodes.Status412PreconditionFailed, Problem.MediaType);

    /// <summary>JSON with the tag of its own bytes; 304 without them when the caller has the same.</summary>
    public static IResult Json(HttpContext context, byte[] json)
    {
        // To be asked about each time: what is listed changes at any moment.
        context.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..TagDigits]}\"");
        return IsOther(context.Request.GetTypedHeaders(), tag)
            ? Problem.Of(StatusCodes.Status412PreconditionFailed)
            : TypedResults.Bytes(json, "application/json", entityTag: tag);
    }

    /// <summary>Another version than this is wanted (section 13.1.1). The framework sees that, too, but says it without a sentence.</summary>
    public static bool IsOther(RequestHeaders request, EntityTagHeaderValue tag) =>
        request.IfMatch is { Count: > 0 } wanted && !wanted.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: true));
}
