using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Isr.Catalog.Keeping;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(KeepRequest))]
[JsonSerializable(typeof(KeepAnswer))]
[JsonSerializable(typeof(Mark[]))]
[JsonSerializable(typeof(MarkChange))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(TrashItem[]))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(RestoredAnswer))]
[JsonSerializable(typeof(RestoreBody))]
[JsonSerializable(typeof(FilesBody))]
[JsonSerializable(typeof(DeletedManyAnswer))]
[JsonSerializable(typeof(RestoredManyAnswer))]
[JsonSerializable(typeof(PurgedAnswer))]
[JsonSerializable(typeof(MarkRemovedAnswer))]
internal sealed partial class KeepingJson : JsonSerializerContext;

/// <summary>For what stays on this computer: letters of all languages as they are, so that lines stay short.</summary>
internal static class KeepingLines
{
    public static KeepingJson Json { get; } = new(new JsonSerializerOptions(KeepingJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
