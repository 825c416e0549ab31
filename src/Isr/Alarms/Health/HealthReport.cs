using System.Text.Json.Serialization;

namespace Isr.Alarms.Health;

/// <summary>Whether all is well, for whoever watches over it: for everybody, so without names, addresses and errors.</summary>
internal sealed record HealthReport(string Status, IReadOnlyList<HealthCheck> Checks)
{
    public const string Ok = "ok";
    public const string Failing = "failing";

    public static HealthReport Of(params IReadOnlyList<HealthCheck> checks) => new(checks.All(c => c.Status == Ok) ? Ok : Failing, checks);
}

/// <param name="Name">`recorder`, `disk` or `sources`; `program` or `folder`.</param>
/// <param name="Status">`ok` or `failing`.</param>
/// <param name="Sentence">What was found.</param>
internal sealed record HealthCheck(string Name, string Status, string Sentence);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
