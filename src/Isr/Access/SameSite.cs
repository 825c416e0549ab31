using Microsoft.AspNetCore.Http.Extensions;

namespace Isr.Access;

/// <summary>Whether a page of another site caused a request; browsers say so (Fetch Metadata; RFC 6454 section 7).</summary>
internal static class SameSite
{
    public static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        // A form of a page that sends no referrer has the origin "null", even to its own server.
        return origin.Length > 0 && !(origin == "null" && site == "same-origin") && !IsOwn(origin, request);
    }

    /// <summary>
    /// A page of another site loads it, as a picture or a frame, and could read nothing of it: it would only keep this computer busy. To
    /// follow a link is no such thing.
    /// </summary>
    public static bool IsEmbedded(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none") && request.Headers["Sec-Fetch-Dest"].ToString() != "document";

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate(UriHelper.BuildAbsolute(request.Scheme, request.Host), UriKind.Absolute, out var ours)
        && Uri.Compare(theirs, ours, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
