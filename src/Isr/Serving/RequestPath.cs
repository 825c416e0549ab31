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
        path = path[Math.Min(path.Length, context.Request.PathBase.ToUriComponent().Length)..];
        return path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(path[prefix.Length..]) : "";
    }
}
