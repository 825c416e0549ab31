using System.Text.Json.Serialization;

namespace Isr.Access.SignIn;

/// <summary>Who asks, for the page.</summary>
/// <param name="Role">none, listen or manage.</param>
/// <param name="SignedIn">By password or token, rather than let in without.</param>
/// <param name="PasswordSet">There is something to sign in with.</param>
internal sealed record SessionAnswer(string Role, bool SignedIn, bool PasswordSet);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionAnswer))]
internal sealed partial class AccessJson : JsonSerializerContext;
