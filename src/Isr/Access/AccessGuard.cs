using Isr.Access.SignIn;
using Isr.Serving;

namespace Isr.Access;

/// <summary>Lets a request to its route or does not, by the rule of the route and by who asks.</summary>
internal sealed partial class AccessGuard(RequestDelegate next, AccessOptions options, PasswordStore passwords, ILogger<AccessGuard> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        // What is no route of anybody's is the framework's own refusal, such as 405.
        if (context.GetEndpoint() is not RouteEndpoint route)
        {
            return next(context);
        }

        if (route.Metadata.GetMetadata<AccessRule>() is not { } rule)
        {
            LogNoRule(route.DisplayName);
            return Refuse(context, StatusCodes.Status403Forbidden, "Nobody may use this address.");
        }

        if ((rule.Changes || !IsSafe(context.Request.Method)) && SameSite.IsForeign(context.Request))
        {
            return Refuse(
                context, StatusCodes.Status403Forbidden,
                "Another site caused this request. If a reverse proxy stands before this server, its address belongs in trusted_proxies.");
        }

        if (rule.Least > Role.None && SameSite.IsEmbedded(context.Request))
        {
            return Refuse(context, StatusCodes.Status403Forbidden, "A page of another site may link to this, but not load it.");
        }

        var caller = Caller.Of(context);
        if (caller.Role < rule.Least && !(rule.OpenOnLoopback && caller.Refusal is null && CallerFinder.IsThisComputer(context)))
        {
            return RefuseAsync(context, caller);
        }

        if (rule.Least > Role.None)
        {
            // Endpoints that know better say so after this.
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        }

        return next(context);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private Task RefuseAsync(HttpContext context, Caller caller)
    {
        if (caller.Role > Role.None)
        {
            return Refuse(context, StatusCodes.Status403Forbidden, "You may listen, and this changes something: sign in with the password for managing.");
        }

        if (caller.Refusal is null && !passwords.IsAnySet && !options.IsOpen)
        {
            return Refuse(context, StatusCodes.Status403Forbidden, "There is no password yet, so only this computer itself is let in. Set one with `isr password`.");
        }

        context.Response.Headers.WWWAuthenticate = caller.Refusal is null ? "Bearer realm=\"isr\"" : "Bearer realm=\"isr\", error=\"invalid_token\"";
        if (!context.Request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal))
        {
            // Players ask again with the password of the address when they see this; browsers would ask the person in a box of their own.
            context.Response.Headers.Append("WWW-Authenticate", "Basic realm=\"isr\", charset=\"UTF-8\"");
        }

        return Refuse(context, StatusCodes.Status401Unauthorized, caller.Refusal ?? "Sign in first, or show a token.");
    }

    private static Task Refuse(HttpContext context, int status, string sentence)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Problem.Of(status, sentence).ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The route {Route} has no rule that says who may use it, so nobody may")]
    private partial void LogNoRule(string? route);
}
