using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Recording.Disk;
using Isr.Recording.Interop;
using Isr.Sources;

namespace Isr.Recording.Status;

/// <summary>The content of status.json in the recordings folder.</summary>
internal sealed record RecorderStatus
{
    public const string FileName = "status.json";

    /// <summary>More than thousands of sources take.</summary>
    private const int MaxBytes = 16 << 20;

    /// <summary>A status older than this is nobody's.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(60);

    /// <summary>The files being written now, relative to the recordings folder.</summary>
    public IReadOnlyList<string> Active { get; init; } = [];

    public DateTimeOffset? Updated { get; init; }

    public int? Pid { get; init; }

    public string? Version { get; init; }

    /// <summary>Name of the zone in which files are named and split.</summary>
    public string? Zone { get; init; }

    /// <summary>"synchronised", "unsynchronised" or "unknown".</summary>
    public string? Clock { get; init; }

    /// <summary>When the recorder started.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Started { get; init; }

    /// <summary>The disks that are recorded to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DiskState>? Disks { get; init; }

    public IReadOnlyList<SourceStatus>? Sources { get; init; }

    /// <summary>What is not as it should be now, the oldest first; null from recorders that know no alarms.</summary>
    public IReadOnlyList<ActiveAlarm>? Alarms { get; init; }

    /// <summary>Reads a folder's status; an empty one when no recorder is alive that writes it.</summary>
    public static RecorderStatus Read(string folder, TimeProvider time)
    {
        try
        {
            var path = Path.Combine(folder, FileName);
            var status = LibC.IsRegularFile(path) && new FileInfo(path).Length <= MaxBytes
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), StatusJson.Default.RecorderStatus)
                : null;
            return status is { Active: not null, Updated: { } updated, Pid: { } pid } && IsSound(status) && (time.GetUtcNow() - updated).Duration() < GoodFor && IsAlive(pid)
                ? status
                : new RecorderStatus();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new RecorderStatus();
        }
    }

    /// <summary>No recorder wrote anything else; but the folder may be one that others write into.</summary>
    private static bool IsSound(RecorderStatus status)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return status.Active.All(name => name is not null) && (status.Sources ?? []).All(source => source is { Name: not null, Type: not null, Loudness: null or { Peak: not null } }
                && (source.Counts?.GapsByCause?.Values.All(gap => gap is not null) ?? true) && names.Add(source.Name))
            && (status.Disks ?? []).All(disk => disk is { Folder: not null })
            && (status.Alarms ?? []).All(alarm => alarm is { Id: not null, Kind: not null, Sentence: not null, Values: not null });
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(RecorderStatus))]
[JsonSerializable(typeof(SourceStatus))]
[JsonSerializable(typeof(ActiveAlarm))]
internal sealed partial class StatusJson : JsonSerializerContext;
