using Isr.Serving;

namespace Isr.Access;

/// <summary>Who may use a route. Every route has one; a request to a route without is refused.</summary>
/// <param name="Least">The least that the caller must be allowed.</param>
internal sealed record AccessRule(Role Least)
{
    /// <summary>The route changes something, so that a request which another site has caused is refused.</summary>
    public bool Changes { get; init; }

    /// <summary>Also without being signed in where the request comes from this computer itself.</summary>
    public bool OpenOnLoopback { get; init; }
}

/// <summary>How a feature says who may use its routes.</summary>
internal static class AccessRules
{
    /// <summary>For everybody, signed in or not: the sign-in page and what it is made of.</summary>
    public static T ForEverybody<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new AccessRule(Role.None));

    public static T ForListeners<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithRule(new AccessRule(Role.Listen));

    /// <summary>For listeners, and for whoever asks from this computer.</summary>
    public static T ForListenersOrLoopback<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithRule(new AccessRule(Role.Listen) { OpenOnLoopback = true });

    /// <summary>What deletes or changes something.</summary>
    public static T ForManagers<T>(this T routes)
        where T : IEndpointConventionBuilder => routes.WithRule(new AccessRule(Role.Manage) { Changes = true });

    /// <summary>The rule, and for the API's description what <see cref="AccessGuard"/> answers to others.</summary>
    private static T WithRule<T>(this T routes, AccessRule rule)
        where T : IEndpointConventionBuilder => routes.WithMetadata(
            rule,
            new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(Problem), [Problem.MediaType]),
            new ProducesResponseTypeMetadata(StatusCodes.Status403Forbidden, typeof(Problem), [Problem.MediaType]));
}
