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

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate(UriHelper.BuildAbsolute(request.Scheme, request.Host), UriKind.Absolute, out var ours)
        && Uri.Compare(theirs, ours, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
