using Microsoft.AspNetCore.Http.Features;

namespace Isr.Serving;

/// <summary>The name of a recording in the path of a request.</summary>
internal static class RequestPath
{
    /// <summary>
    /// What follows the prefix, decoded once, from the request line itself: routing leaves "%2F" as it is, and then it cannot be
    /// told from "%252F". Empty where the path has no such prefix.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="prefix">Of the route, with its last slash, without the path that the whole program is served under.</param>
    public static string NameIn(HttpContext context, string prefix)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : target.Length);
        if (path.Length > 0 && path[0] != '/')
        {
            // A whole address, as a proxy is sent (RFC 9112 section 3.2.2).
            var authority = path.IndexOf("://");
            var slash = authority < 0 ? -1 : path[(authority + 3)..].IndexOf('/');
            path = slash < 0 ? [] : path[(authority + 3 + slash)..];
        }

        // What a proxy says stands before the path, it has taken away.
        var below = context.Request.PathBase.ToUriComponent();
        if (below.Length > 0 && path.StartsWith(below, StringComparison.OrdinalIgnoreCase) && path[below.Length..].StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            path = path[below.Length..];
        }

        return path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(path[prefix.Length..]) : "";
    }
}
