using Isr.Recording.Interop;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Commands.Status;

/// <summary>status.json as it was at one moment.</summary>
/// <param name="Status">What it says; empty when no recorder is alive.</param>
internal sealed record StatusReading(RecorderStatus Status)
{
    private const long LeastFreeBytes = 1_000_000_000;

    public bool IsAlive => Status.Pid is not null;

    /// <summary>What is the matter.</summary>
    public IReadOnlyList<ActiveAlarm> Alarms => Status.Alarms ?? [];

    /// <summary>A recorder is alive, every source is recorded, there is room, and nothing gives alarm.</summary>
    public bool IsWell => IsAlive && Alarms.Count == 0
        && (Status.Sources ?? []).All(source => source.State == SourceState.Recording)
        && (Status.Disks ?? []).All(disk => disk.Free >= LeastFreeBytes);

    public static StatusReading Of(string folder, TimeProvider time) => new(RecorderStatus.Read(folder, time));

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
}
