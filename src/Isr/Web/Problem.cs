using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Web;

/// <summary>An error as application/problem+json (RFC 9457), with the sentence that older clients read.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Error)
{
    public static JsonHttpResult<Problem> Of(int status, string sentence) => TypedResults.Json(
        new Problem("about:blank", sentence, status, sentence), WebJson.Default.Problem, "application/problem+json", status);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DetectionDefaults))]
[JsonSerializable(typeof(RecordingEvent))]
internal sealed partial class WebJson : JsonSerializerContext;
