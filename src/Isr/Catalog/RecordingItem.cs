using System.Text.Json;
using System.Text.Json.Serialization;

namespace Isr.Catalog;

/// <summary>One recording, as GET /api/files lists it.</summary>
internal sealed record RecordingItem
{
    /// <summary>Path relative to the recordings folder, with "/".</summary>
    public required string Name { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Seconds since 1970, with fraction.</summary>
    public double Mtime { get; init; }

    /// <summary>Local start, "YYYY-MM-DD HH:MM:SS": from the name where that tells it, else from mtime.</summary>
    public required string Date { get; init; }

    /// <summary>Seconds; null while recording and where it is not known.</summary>
    public double? Duration { get; init; }

    public required string Ext { get; init; }

    public bool Recording { get; init; }

    /// <summary>Sections with the server's parameters; null where they are not known without reading a level file.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? CachedAnalysis { get; init; }

    public string? Source { get; init; }

    /// <summary>Start with its offset, as the journal knows it, else from the name.</summary>
    public DateTimeOffset? Started { get; init; }

    public int? SampleRate { get; init; }

    public int? Channels { get; init; }
}

/// <param name="Items">In order.</param>
/// <param name="Next">Where the list goes on; null at its end, and when all of it was asked for.</param>
internal readonly record struct RecordingPage(IReadOnlyList<RecordingItem> Items, FileCursor? Next);

/// <summary>What is JSON already.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value, skipInputValidation: true);
}
