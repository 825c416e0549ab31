using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Isr.Access.SignIn;

namespace Isr.Access;

/// <summary>Finds out who asks: by token, by session, or by where they are.</summary>
internal sealed class CallerFinder(AccessOptions options, PasswordStore passwords, SessionStore sessions, TokenStore tokens, TimeProvider time)
{
    private const int MaxAuthorization = 512;

    // The last four are left where a trusted proxy's word was taken, which anybody may have put into its mouth.
    private static readonly List<string> s_passedOn =
    [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "X-Real-IP",
        "X-Original-For", "X-Original-Host", "X-Original-Prefix", "X-Original-Proto",
    ];


    /// <summary>Of this installation: cookies do not tell one port of a computer from another.</summary>
    public string CookieName { get; } = "isr_session_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.StateDirectory)))[..8];

    public Caller Find(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        var nobody = new Caller(Role.None, null, address);
        if (options.IsOpen)
        {
            // A proxy before this may have passwords of its own; those are not for here.
            return nobody with { Role = Role.Manage };
        }

        var (secret, isBearer) = Secret(context.Request.Headers.Authorization.ToString());
        if (secret is not null && tokens.Find(secret) is { } token)
        {
            return token.IsOver(time.GetUtcNow())
                ? nobody with { Refusal = $"The token {token.Name} has expired: make another with `isr token add`." }
                : new Caller(token.Role, token.Name, address) { IsSignedIn = true };
        }

        if (isBearer)
        {
            return nobody with { Refusal = "There is no such token: `isr token list` shows those that there are." };
        }

        if (!passwords.IsAnySet)
        {
            return nobody with { Role = IsThisComputer(context) ? Role.Manage : Role.None };
        }

        if (context.Request.Cookies[CookieName] is { } cookie && sessions.Find(cookie, out var isRenewed) is { } session)
        {
            if (isRenewed)
            {
                GiveCookie(context, cookie);
            }

            return new Caller(session.Role, null, address) { IsSignedIn = true, Session = session };
        }

        return nobody;
    }

    public void GiveCookie(HttpContext context, string secret) => context.Response.Cookies.Append(CookieName, secret, Cookie(context, SessionStore.Lifetime));

    public void TakeCookie(HttpContext context) => context.Response.Cookies.Delete(CookieName, Cookie(context, null));

    /// <summary>Nothing passed it on, as far as can be seen: a proxy on this computer lets in whom it likes.</summary>
    public static bool IsThisComputer(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !s_passedOn.Exists(context.Request.Headers.ContainsKey);

    private static CookieOptions Cookie(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = context.Request.PathBase.HasValue ? context.Request.PathBase.ToUriComponent() : "/",
        MaxAge = maxAge,
        IsEssential = true,
    };

    /// <summary>Bearer (RFC 6750 section 2.1), or Basic (RFC 7617) with the token as the password.</summary>
    private static (string? Secret, bool IsBearer) Secret(string header)
    {
        if (header.Length > MaxAuthorization || !AuthenticationHeaderValue.TryParse(header, out var value) || value.Parameter is not { } parameter)
        {
            return default;
        }

        if (string.Equals(value.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return (parameter, true);
        }

        var bytes = new byte[MaxAuthorization];
        if (!string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(parameter, bytes, out var count))
        {
            return default;
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, count);
        return (pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..], false);
    }
}
