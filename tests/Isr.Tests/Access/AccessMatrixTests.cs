using System.Globalization;
using System.Text;
using Isr.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Isr.Tests.Access;

/// <summary>Everybody at every route. The routes are those that the running program has, so that none can be forgotten.</summary>
public sealed class AccessMatrixTests(GuardedProgram program, ITestOutputHelper output) : IClassFixture<GuardedProgram>
{
    private static readonly string[] s_anyMethod = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private readonly Dictionary<string, (string, string)> _cookies = new(StringComparer.Ordinal);

    [Fact]
    public void Every_route_says_who_may_use_it() =>
        Assert.DoesNotContain(program.Routes, route => route.Metadata.GetMetadata<AccessRule>() is null);

    [Fact]
    public void What_changes_something_is_for_managers()
    {
        var open = program.Routes
            .Where(route => Methods(route).Except(["GET", "HEAD", "OPTIONS"], StringComparer.Ordinal).Any() && route.Metadata.GetMetadata<AccessRule>() is { Changes: false })
            .Select(route => route.RoutePattern.RawText)
            .Distinct(StringComparer.Ordinal);

        // Signing in and out is for everybody; what a ZIP file is to hold is too long for an address; the second is what answers that there is no such address.
        Assert.Equal(["/api/zip", "/api/{**rest}", "/signin", "/signout"], open.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void No_route_changes_what_is_recorded()
    {
        var routes = program.Routes.Where(r => Methods(r).Except(["GET", "HEAD"], StringComparer.Ordinal).Any()).Select(r => r.RoutePattern.RawText ?? "");

        Assert.DoesNotContain(routes, route => route.Contains("source", StringComparison.OrdinalIgnoreCase) || route.Contains("config", StringComparison.OrdinalIgnoreCase) || route.Contains("url", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Everybody_gets_what_the_rule_of_each_route_allows_and_no_more()
    {
        var wrong = new List<string>();
        var count = 0;
        var asked = program.Routes.SelectMany(route => Methods(route).Select(method => (Route: route, Method: method, Path: PathOf(route.RoutePattern))))
            .DistinctBy(item => (item.Method, item.Path)).ToList();
        foreach (var (route, method, path) in asked)
        {
            foreach (var who in Enum.GetValues<Who>())
            {
                count++;
                var status = await AskAsync(method, path, TypeOf(route), who);
                var expected = Expected(route.Metadata.GetMetadata<AccessRule>()!, method, who);
                if (expected == 0 ? status is 401 or 403 or >= 500 and not 503 : status != expected)
                {
                    wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{method} {path} as {who}: {status}, not {(expected == 0 ? "let in" : expected)}"));
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{asked.Count} routes with their methods, {count} requests"));
        Assert.True(asked.Count > 12, "the routes were not found");
        Assert.Empty(wrong);
    }

    /// <summary>The status of a refusal; 0 where the request is let in, whatever comes of it.</summary>
    private static int Expected(AccessRule rule, string method, Who who)
    {
        var role = who switch
        {
            Who.ListenCookie or Who.ListenToken => Role.Listen,
            Who.ManageCookie or Who.ManageToken or Who.ManageCookieFromAnotherSite => Role.Manage,
            _ => Role.None,
        };
        if (who == Who.ManageCookieFromAnotherSite && (rule.Changes || rule.Least > Role.None || method is not ("GET" or "HEAD" or "OPTIONS")))
        {
            return StatusCodes.Status403Forbidden;
        }

        return role >= rule.Least || (rule.OpenOnLoopback && who != Who.ExpiredToken) ? 0
            : role == Role.None ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status403Forbidden;
    }

    private async Task<int> AskAsync(string method, string path, string type, Who who)
    {
        (string, string)[] headers = who switch
        {
            Who.ListenCookie => [await FreshCookieAsync(GuardedProgram.ListenPassword)],
            Who.ManageCookie => [await FreshCookieAsync(GuardedProgram.ManagePassword)],
            Who.ManageCookieFromAnotherSite => [await FreshCookieAsync(GuardedProgram.ManagePassword), ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
            Who.ListenToken => [GuardedProgram.Bearer(program.ListenToken)],
            Who.ManageToken => [GuardedProgram.Bearer(program.ManageToken)],
            Who.ExpiredToken => [GuardedProgram.Bearer(program.ExpiredToken)],
            _ => [],
        };
        using var body = method is "GET" or "HEAD" or "OPTIONS" ? null : new StringContent("{}", Encoding.UTF8, type);

        // The answer's headers are enough: some answers never end.
        using var answer = await program.AskAsync(method, path, body, headers);
        return (int)answer.StatusCode;
    }

    private async Task<(string Name, string Value)> FreshCookieAsync(string password)
    {
        // One of the routes ends sessions.
        if (_cookies.TryGetValue(password, out var cookie))
        {
            using var answer = await program.GetAsync("/api/session", cookie);
            if ((await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("\"signed_in\":true", StringComparison.Ordinal))
            {
                return cookie;
            }
        }

        return _cookies[password] = await program.CookieAsync(password);
    }

    private static string TypeOf(RouteEndpoint route) => route.Metadata.GetMetadata<IAcceptsMetadata>() is { ContentTypes: [var type, ..] } ? type : "application/json";

    private static IReadOnlyList<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods.Count: > 0 } methods ? methods.HttpMethods : s_anyMethod;

    private static string PathOf(RoutePattern pattern) => "/" + string.Join(
        '/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            _ => "20990101_000000.wav",
        }))));

    private enum Who
    {
        Nobody,
        ListenCookie,
        ManageCookie,
        ListenToken,
        ManageToken,
        ExpiredToken,
        ManageCookieFromAnotherSite,
    }
}
