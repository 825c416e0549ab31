using System.Text.Json.Serialization;

namespace Isr.Access;

/// <summary>What a script or player shows instead of a password.</summary>
/// <param name="Name">As it was given.</param>
/// <param name="Role">What it lets do.</param>
/// <param name="Hash">Of the secret, which is nowhere kept.</param>
/// <param name="Created">When it was given out.</param>
/// <param name="Expires">Null is never.</param>
internal sealed record ApiToken(string Name, Role Role, string Hash, DateTimeOffset Created, DateTimeOffset? Expires)
{
    public const string Prefix = "isr_";

    private const int MaxName = 64;

    public bool IsOver(DateTimeOffset now) => Expires <= now;

    /// <summary>It is a file's name, and a word in the audit log.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name[0] != '.';
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ApiToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
