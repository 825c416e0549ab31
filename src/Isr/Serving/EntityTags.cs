using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Isr.Serving;

/// <summary>Answers that need not be sent again to who has them (RFC 9110 section 8.8.3).</summary>
internal static class EntityTags
{
    private const int TagDigits = 16;

    /// <summary>JSON with the tag of its own bytes; 304 without them when the caller has the same.</summary>
    public static FileContentHttpResult Json(HttpContext context, byte[] json)
    {
        // To be asked about each time: what is listed changes at any moment.
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(
            json, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..TagDigits]}\""));
    }
}
