using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Isr.Serving;

/// <summary>An error as application/problem+json (RFC 9457), with the sentence that older clients read.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Error)
{
    public const string MediaType = "application/problem+json";

    public static JsonHttpResult<Problem> Of(int status, string sentence) => TypedResults.Json(
        new Problem("about:blank", sentence, status, sentence), ProblemJson.Default.Problem, MediaType, status);

    /// <summary>For what was refused before any part of the program saw it.</summary>
    public static JsonHttpResult<Problem> Of(int status) => Of(status, status switch
    {
        StatusCodes.Status400BadRequest => "A value in this request is not what it must be.",
        StatusCodes.Status404NotFound => "There is nothing by that name.",
        StatusCodes.Status500InternalServerError => "Something went wrong here; the log of isr says what.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method.",
        StatusCodes.Status412PreconditionFailed => "This is another version by now than the one that was asked for.",
        StatusCodes.Status413PayloadTooLarge => "This is more than one request may hold; send it in parts.",
        _ => ReasonPhrases.GetReasonPhrase(status) + ".",
    });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
