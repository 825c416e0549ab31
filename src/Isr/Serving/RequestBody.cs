using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Serving;

/// <summary>The JSON that comes with a request.</summary>
internal static class RequestBody
{
    /// <summary>Reads it, whatever it is said to be; null, and the refusal, when it is no such JSON.</summary>
    public static async Task<(T? Value, JsonHttpResult<Problem>? Refusal)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var value = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
            return (value, value is null ? Problem.Of(StatusCodes.Status400BadRequest, "The body must be JSON, not null.") : null);
        }
        catch (JsonException e)
        {
            return (null, Problem.Of(StatusCodes.Status400BadRequest, $"The body is not the JSON that it must be: {e.Message}"));
        }
        catch (BadHttpRequestException e)
        {
            // The server reads no more of it; nobody else would say so in a sentence.
            return (null, Problem.Of(e.StatusCode));
        }
    }
}
