using System.Globalization;
using System.Text;
using Isr.Access.SignIn;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Access;

internal static class AccessEndpoints
{
    private const string Html = "text/html";
    private const int MaxForm = 16 << 10;

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/signin", Show).ForEverybody()
            .WithSummary("The page to sign in on.").Produces<string>(StatusCodes.Status200OK, Html);
        routes.MapPost("/signin", SignInAsync).ForEverybody()
            .WithSummary("Signs a browser in, and leads on to where it wanted to go.")
            .Produces(StatusCodes.Status303SeeOther).Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<string>(StatusCodes.Status401Unauthorized, Html).Produces<Problem>(StatusCodes.Status403Forbidden, Problem.MediaType)
            .Produces<string>(StatusCodes.Status429TooManyRequests, Html);
        routes.MapPost("/signout", SignOut).ForEverybody()
            .WithSummary("Ends the session for good, wherever its cookie is.").Produces(StatusCodes.Status303SeeOther)
            .Produces<Problem>(StatusCodes.Status403Forbidden, Problem.MediaType);
        routes.MapGet("/api/session", Tell).ForEverybody()
            .WithSummary("Who asks, and whether there is a password to sign in with.").Produces<SessionAnswer>();
        return routes;
    }

    private static ContentHttpResult Show(HttpContext context, PasswordStore passwords, string? next = null) => Page(
        context, SignInPage.Next(next), passwords.IsAnySet ? null : "There is no password yet. Set one with `isr password` on the computer that records.", StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(HttpContext context, SignInDesk desk, CallerFinder finder, AuditLog audit)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > MaxForm)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "Send the form of the sign-in page, with the password in it.");
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // Too large in its parts, or it ends before its end.
            return Problem.Of(StatusCodes.Status400BadRequest, "This form cannot be read.");
        }

        var next = SignInPage.Next(form["next"]);
        var caller = Caller.Of(context);
        var result = await desk.TryAsync(form["password"].ToString(), caller.Address, context.RequestAborted);
        if (result.Wait > TimeSpan.Zero)
        {
            var seconds = (int)Math.Ceiling(result.Wait.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Page(context, next, $"Too many attempts. Try again in {Duration(seconds)}.", StatusCodes.Status429TooManyRequests);
        }

        if (result.Secret is null)
        {
            audit.Append(AuditEntry.Of(context, AuditEntry.SignInFailed));
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"isr\"";
            return Page(context, next, "That is not the password.", StatusCodes.Status401Unauthorized);
        }

        audit.Append(new AuditEntry(AuditEntry.SignIn, (caller with { Role = result.Role, Token = null }).ToString()));
        finder.GiveCookie(context, result.Secret);
        return Elsewhere(context, "." + next);
    }

    private static StatusCodeHttpResult SignOut(HttpContext context, SessionStore sessions, CallerFinder finder, AuditLog audit)
    {
        if (Caller.Of(context).Session is { } session)
        {
            sessions.End(session);
            audit.Append(AuditEntry.Of(context, AuditEntry.SignOut));
        }

        finder.TakeCookie(context);
        return Elsewhere(context, "signin");
    }

    private static JsonHttpResult<SessionAnswer> Tell(HttpContext context, PasswordStore passwords)
    {
        context.Response.Headers.CacheControl = "no-store";
        var caller = Caller.Of(context);
        return TypedResults.Json(new SessionAnswer(caller.Role.ToString().ToLowerInvariant(), caller.IsSignedIn, passwords.IsAnySet), AccessJson.Default.SessionAnswer);
    }

    /// <summary>A relative address, so that it holds below any path.</summary>
    private static StatusCodeHttpResult Elsewhere(HttpContext context, string location)
    {
        context.Response.Headers.Location = location;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static ContentHttpResult Page(HttpContext context, string next, string? error, int status)
    {
        context.Response.Headers.CacheControl = "no-store";
        // With no-referrer the form would come with the origin "null", as from another site.
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        return TypedResults.Text(SignInPage.Html(next, error), Html, Encoding.UTF8, status);
    }

    private static string Duration(int seconds) => seconds switch
    {
        1 => "a second",
        < 120 => $"{seconds} seconds",
        _ => $"{(seconds + 59) / 60} minutes",
    };
}
