using Isr.Catalog.Keeping;
using Isr.Recording.Interop;
using Isr.Recording.Time;

namespace Isr.Catalog.Retention;

/// <summary>Looks what there is, and plans. Used by one thread at a time.</summary>
/// <param name="keeping">Where recordings are.</param>
/// <param name="options">What is kept.</param>
/// <param name="marks">What people keep.</param>
/// <param name="trash">What they deleted.</param>
/// <param name="active">What is being recorded.</param>
/// <param name="marker">Whether the recordings folder is that.</param>
/// <param name="time">The clock.</param>
internal sealed class RetentionSurvey(
    KeepingOptions keeping, RetentionOptions options, MarkStore marks, TrashFolder trash, ActiveFiles active, RecordingsMarker marker, TimeProvider time)
{
    private const string Labelled = "labelled";
    private const string Protected = "protected";

    /// <summary>Clocks differ a little, and the end of a file is rounded.</summary>
    private static readonly TimeSpan s_future = TimeSpan.FromMinutes(10);

    private readonly RetentionFacts _facts = new(keeping);
    private readonly Lock _gate = new();
    private volatile RetentionReport? _latest;

    /// <summary>What the last look found, whoever asked for it; null before the first one. The recorder looks every hour.</summary>
    public RetentionReport? Latest => _latest;

    /// <summary>What would go now. The plan is empty where there is a doubt.</summary>
    public (RetentionPlan Plan, RetentionReport Report) Look(ClockState clock)
    {
        lock (_gate)
        {
            _facts.Follow();
            var now = time.GetUtcNow();
            var state = StateAt(now);
            var doubt = Doubt(clock, now);
            var plan = RetentionPlan.Of(state, options, TrashFolder.KeptFor);
            var held = state.Files.Sum(file => file.Bytes) + state.Trash.Sum(item => item.Bytes);
            var free = LibC.FileSystemOf(keeping.Folder) is { } disk && state.Free.TryGetValue(disk, out var room) ? room : FreeOn(keeping.Folder);
            var kept = state.Files.Where(file => file.Kept is Labelled or Protected).ToList();
            var report = new RetentionReport
            {
                IsOn = options.IsOn,
                Doubt = doubt,
                Files = state.Files.Count,
                Bytes = state.Files.Sum(file => file.Bytes),
                TrashFiles = state.Trash.Count,
                TrashBytes = state.Trash.Sum(item => item.Bytes),
                Kept = kept.Count,
                KeptBytes = kept.Sum(file => file.Bytes),
                RemovalCount = plan.Removals.Count,
                RemovalBytes = plan.Bytes,
                BytesByReason = plan.Removals.GroupBy(r => r.Why, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(r => r.Bytes), StringComparer.Ordinal),
                Shortfalls = plan.Shortfalls,
                Forecast = RetentionForecast.Of(_facts.BytesPerDay(now), held - plan.Bytes, free + plan.Bytes, options),
                Removals = plan.Removals,
            };
            _latest = report;
            return (doubt is null ? plan : new RetentionPlan([], []), report);
        }
    }

    /// <summary>What the journal knows of a recording's source and time.</summary>
    public MarkedFile Marked(string name)
    {
        lock (_gate)
        {
            return MarkedIn(name);
        }
    }

    /// <summary>Whether a disk is short of what is to stay free.</summary>
    public bool IsShort()
    {
        var least = options.Sources.Values.Select(limits => limits.FreeBytes).Append(options.General.FreeBytes).Max();
        return least is { } bytes && FreeOn(keeping.Folder) < bytes;
    }

    private string? Doubt(ClockState clock, DateTimeOffset now) =>
        marker.WhyNot() ?? (clock == ClockState.Unsynchronised ? "The system clock is not known to be right: no time server has set it yet."
            : _facts.Newest is { } newest && newest.End > now + s_future ? $"By the clock {newest.File} lies in the future: either that or the clock is wrong."
            : null);

    private RetentionState StateAt(DateTimeOffset now)
    {
        var names = active.Read().Names;
        var disks = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var files = new List<RetentionFile>();
        foreach (var file in RecordingScan.Files(keeping.Folder).Where(file => LibC.IsRegularFile(file.Path)))
        {
            var marked = MarkedIn(file.Name);
            var written = new DateTimeOffset(file.Mtime, TimeSpan.Zero);
            files.Add(new RetentionFile(
                file.Name, marked.Source, marked.From ?? written, marked.To ?? written, file.Size, DiskOf(Path.GetDirectoryName(file.Path)!), WhyKept(marked, names)));
        }

        var trashDisk = LibC.FileSystemOf(keeping.Folder) ?? 0;
        var items = trash.Items().ConvertAll(item => new RetentionTrash(item.Id, item.Name, item.Source, item.Deleted, item.Size, trashDisk));
        var free = new Dictionary<ulong, long>();
        foreach (var (folder, disk) in disks.Append(new(keeping.Folder, trashDisk)))
        {
            if (!free.ContainsKey(disk) && FreeOn(folder) is { } bytes)
            {
                free.Add(disk, bytes);
            }
        }

        return new RetentionState(files, items, free, now);

        ulong DiskOf(string folder) => disks.TryGetValue(folder, out var disk) ? disk : disks[folder] = LibC.FileSystemOf(folder) ?? 0;
    }

    private string? WhyKept(MarkedFile file, HashSet<string> names)
    {
        if (names.Contains(file.Name))
        {
            return "being recorded";
        }

        var found = marks.Of(file).Where(mark => mark.Keeps).ToList();
        return found.Count == 0 ? null : found.Exists(mark => mark.Protected) ? Protected : Labelled;
    }

    private MarkedFile MarkedIn(string name) => _facts.Find(name) is { } facts ? new MarkedFile(name, facts.Source, facts.Start, facts.End) : new MarkedFile(name, null, null, null);

    private static long? FreeOn(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
