using System.Net;
using Isr.Access.SignIn;

namespace Isr.Access;

/// <summary>Who asks; every request has one before its handler sees it.</summary>
/// <param name="Role">What they may do.</param>
/// <param name="Token">The name of the API token that they showed; null for a browser.</param>
/// <param name="Address">Where they ask from, as far as it is known; a trusted proxy's word for it.</param>
internal sealed record Caller(Role Role, string? Token, IPAddress? Address)
{
    /// <summary>They showed a password or a token, rather than being let in without.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>Why what they showed is worth nothing, as a sentence.</summary>
    public string? Refusal { get; init; }

    /// <summary>The session of a browser that signed in.</summary>
    public Session? Session { get; init; }

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? new Caller(Role.None, null, context.Connection.RemoteIpAddress);

    /// <summary>For the audit log.</summary>
    public override string ToString()
    {
        var who = Token is null ? Role.ToString().ToLowerInvariant() : "token " + Token;
        return Address is null ? who : $"{who}, {Address}";
    }
}
