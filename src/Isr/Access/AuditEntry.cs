using System.Text.Json.Serialization;

namespace Isr.Access;

/// <summary>Something that somebody did.</summary>
/// <param name="What">As one word: sign_in, deleted, restored, cut …</param>
/// <param name="Who">The role or token, and the address.</param>
/// <param name="Name">The recording or source that it was done to.</param>
/// <param name="Detail">What else is worth knowing.</param>
internal sealed record AuditEntry(string What, string Who, string? Name = null, string? Detail = null)
{
    public const string SignIn = "sign_in";
    public const string SignInFailed = "sign_in_failed";
    public const string SignOut = "sign_out";
    public const string Deleted = "deleted";
    public const string Restored = "restored";
    public const string Purged = "purged";
    public const string Marked = "marked";
    public const string Unmarked = "unmarked";
    public const string Labelled = "labelled";
    public const string Cut = "cut";
    public const string Exported = "exported";

    public static AuditEntry Of(HttpContext context, string what, string? name = null, string? detail = null) =>
        new(what, Caller.Of(context).ToString(), name, detail);
}

internal static class AuditExtensions
{
    /// <summary>Writes down what whoever asks has done.</summary>
    public static void Audit(this HttpContext context, string what, string? name = null, string? detail = null) =>
        context.RequestServices.GetRequiredService<AuditLog>().Append(AuditEntry.Of(context, what, name, detail));
}

/// <summary>A line of the audit log.</summary>
internal sealed record AuditLine(DateTimeOffset At, string Who, string What, string? Name, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class AuditJson : JsonSerializerContext;
