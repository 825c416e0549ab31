using System.Text.Json;

namespace Isr.Tests.Support;

/// <summary>Reads server-sent events.</summary>
internal static class EventLines
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The data of the next event of a type that fulfils the condition.</summary>
    public static async Task<JsonElement> NextAsync(StreamReader reader, string type, Func<JsonElement, bool>? condition = null, Action<string>? seen = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            seen?.Invoke(line);
            if (line == $"event: {type}")
            {
                using var json = JsonDocument.Parse((await reader.ReadLineAsync(limit.Token))!["data: ".Length..]);
                if (condition?.Invoke(json.RootElement) != false)
                {
                    return json.RootElement.Clone();
                }
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
