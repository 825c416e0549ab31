using System.Text.Json.Serialization;
using Isr.Analysis;
using Isr.Audio.Detection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Isr.Web;

/// <summary>An error as application/problem+json (RFC 9457), with the sentence that older clients read.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Error)
{
    public static JsonHttpResult<Problem> Of(int status, string sentence) => TypedResults.Json(
        new Problem("about:blank", sentence, status, sentence), WebJson.Default.Problem, "application/problem+json", status);

    /// <summary>For what was refused before any part of the program saw it.</summary>
    public static JsonHttpResult<Problem> Of(int status) => Of(status, status switch
    {
        StatusCodes.Status400BadRequest => "A value in this request is not what it must be.",
        StatusCodes.Status404NotFound => "There is nothing by that name.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method.",
        _ => ReasonPhrases.GetReasonPhrase(status) + ".",
    });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DetectionParameters))]
[JsonSerializable(typeof(RecordingEvent))]
[JsonSerializable(typeof(LevelEvent))]
[JsonSerializable(typeof(AnalysisProgress))]
internal sealed partial class WebJson : JsonSerializerContext;
