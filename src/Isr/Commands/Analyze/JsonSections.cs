using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Audio.Detection;

namespace Isr.Commands.Analyze;

/// <summary>An array with an object for each file, written as they come.</summary>
internal sealed class JsonSections(TextWriter output) : ISectionWriter
{
    // Names are shown as they are, not as \u escapes: nothing reads this as part of a page.
    private static readonly AnalyzeJson s_json = new(new JsonSerializerOptions(AnalyzeJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private bool _hasWritten;

    public void Write(AnalyzedFile file)
    {
        var line = file.IsDecoded
            ? new FileLine(
                file.Path,
                file.Duration,
                file.Window,
                [.. file.Sections.Select(s => new SectionLine(s.Start, s.End, s.Score, AnalyzedFile.DurationOf(s)))],
                file.Sentence,
                file.DamagedFrom is { } from ? DecimalRounding.Round(from, 1) : null,
                null)
            : new FileLine(file.Path, null, null, [], null, null, file.Sentence);
        output.Write((_hasWritten ? ",\n" : "[\n") + JsonSerializer.Serialize(line, s_json.FileLine));
        _hasWritten = true;
    }

    public void End() => output.Write("\n]\n");
}

/// <summary>Of a file that could not be decoded duration and window are null, and <c>error</c> says why.</summary>
internal sealed record FileLine(string File, double? Duration, double? Window, IReadOnlyList<SectionLine> Sections, string? Damage, double? DamagedFrom, string? Error);

internal sealed record SectionLine(double Start, double End, double Score, double Duration);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FileLine))]
internal sealed partial class AnalyzeJson : JsonSerializerContext;
