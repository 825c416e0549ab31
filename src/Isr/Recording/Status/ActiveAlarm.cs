namespace Isr.Recording.Status;

/// <summary>Something that is not as it should be and goes on, as status.json, the page and webhooks tell it.</summary>
/// <param name="Id">16 hexadecimal digits; the same at its begin and its end.</param>
/// <param name="Kind">"silent", "dead", "clipping", "coverage" or "disk".</param>
/// <param name="Source">Which source; null for what concerns all.</param>
/// <param name="Since">When it began, not when it was noticed.</param>
/// <param name="Sentence">What it is, for people.</param>
internal sealed record ActiveAlarm(string Id, string Kind, string? Source, DateTimeOffset Since, string Sentence)
{
    /// <summary>The figures in the sentence, by names that carry their units.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}
