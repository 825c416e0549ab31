using System.Text.Json.Serialization;

namespace Isr.Sources;

[JsonConverter(typeof(JsonStringEnumConverter<SourceState>))]
internal enum SourceState
{
    /// <summary>Not begun yet.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    [JsonStringEnumMemberName("connecting")]
    Connecting,

    [JsonStringEnumMemberName("recording")]
    Recording,

    /// <summary>Between two attempts; the error says why.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>Audio comes, but the disk does not take it.</summary>
    [JsonStringEnumMemberName("disk")]
    Disk,

    /// <summary>Ended: by the program's end, or by max_retries.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}

/// <summary>What a source is doing, as status.json, the page and the log tell it.</summary>
internal sealed record SourceStatus
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public SourceState State { get; init; }

    /// <summary>When this state began.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The file being written, relative to the recordings folder; null while there is none.</summary>
    public string? File { get; init; }

    /// <summary>Length of that file.</summary>
    public long FileBytes { get; init; }

    /// <summary>Bytes of audio since the program started.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that belonged to no frame since the program started.</summary>
    public long SkippedBytes { get; init; }

    public string? Title { get; init; }

    /// <summary>Titles heard since the program started.</summary>
    public int Titles { get; init; }

    /// <summary>Failures in a row; 0 while it records.</summary>
    public int Retries { get; init; }

    /// <summary>The last error, kept after it has passed.</summary>
    public string? Error { get; init; }

    public DateTimeOffset? ErrorAt { get; init; }

    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>What is recorded, in words: "MP3 128 kbit/s 44.1 kHz stereo".</summary>
    public string? Format { get; init; }

    /// <summary>The stream's own name, as its server says.</summary>
    public string? StreamName { get; init; }

    /// <summary>Bytes that wait for the disk.</summary>
    public int DiskQueue { get; init; }

    /// <summary>The PCM that a soundcard's <c>device</c> led to; null for streams.</summary>
    public string? Device { get; init; }

    /// <summary>Times that a soundcard's buffer ran over since the program started.</summary>
    public long Overruns { get; init; }

    /// <summary>How much faster than this computer's clock a soundcard's is, in parts per million; null while unknown.</summary>
    public double? DriftPpm { get; init; }

    /// <summary>Milliseconds of a soundcard's audio that were read and wait to be taken.</summary>
    public int CaptureQueue { get; init; }

    /// <summary>Samples at full scale since the program started, all channels together.</summary>
    public long Clipped { get; init; }

    /// <summary>Seconds of audio that got into files since the program started.</summary>
    public double Seconds { get; init; }

    /// <summary>What happened to it since the program started.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceCounts? Counts { get; init; }

    /// <summary>The present local day.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceDay? Today { get; init; }

    /// <summary>Null while it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceLoudness? Loudness { get; init; }

    /// <summary>All but what changes all the time.</summary>
    public SourceStatus ToSteady() => this with { FileBytes = 0, Bytes = 0, SkippedBytes = 0, DiskQueue = 0, CaptureQueue = 0, Seconds = 0, Counts = null, Today = null, Loudness = null };
}
