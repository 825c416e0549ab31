using System.Text.Json;
using Isr.Recording.Interop;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Commands.Status;

/// <summary>status.json as it was at one moment.</summary>
/// <param name="Status">What it says; empty when no recorder is alive.</param>
/// <param name="Alarms">What is the matter, as sentences.</param>
internal sealed record StatusReading(RecorderStatus Status, IReadOnlyList<string> Alarms)
{
    private const long LeastFreeBytes = 1_000_000_000;

    public bool IsAlive => Status.Pid is not null;

    /// <summary>A recorder is alive, every source is recorded, there is room, and nothing gives alarm.</summary>
    public bool IsWell => IsAlive && Alarms.Count == 0
        && (Status.Sources ?? []).All(source => source.State == SourceState.Recording)
        && (Status.Disks ?? []).All(disk => disk.Free >= LeastFreeBytes);

    public static StatusReading Of(string folder, TimeProvider time)
    {
        var status = RecorderStatus.Read(folder, time);
        return new StatusReading(status, status.Pid is null ? [] : ReadAlarms(folder));
    }

    /// <summary>status.json itself, byte by byte; null when no recorder is alive, or it has just been replaced by something else.</summary>
    public static byte[]? Bytes(string folder)
    {
        try
        {
            var path = Path.Combine(folder, RecorderStatus.FileName);
            return LibC.IsRegularFile(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<string> ReadAlarms(string folder)
    {
        try
        {
            using var json = JsonDocument.Parse(Bytes(folder) ?? "{}"u8.ToArray());
            return json.RootElement.TryGetProperty("alarms", out var alarms) && alarms.ValueKind == JsonValueKind.Array
                ? [.. alarms.EnumerateArray().Select(Sentence)]
                : [];
        }
        catch (JsonException)
        {
            // Replaced since it was read; the next look sees it whole.
            return [];
        }
    }

    private static string Sentence(JsonElement alarm) =>
        alarm.ValueKind == JsonValueKind.Object && alarm.TryGetProperty("sentence", out var sentence) && sentence.GetString() is { } text
            ? (alarm.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.String ? $"[{source.GetString()}] " : "") + text
            : alarm.ToString();
}
