using System.Globalization;

namespace Isr.Catalog.Retention;

/// <summary>A recording as retention sees it.</summary>
/// <param name="Name">Relative to the recordings folder.</param>
/// <param name="Source">Null when nobody knows.</param>
/// <param name="Start">When it began: as the journal says, else by when it was last written.</param>
/// <param name="End">When it ended.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Disk">The number of its file system.</param>
/// <param name="Kept">Why it stays whatever the limits say; null when it may go.</param>
internal readonly record struct RetentionFile(string Name, string? Source, DateTimeOffset Start, DateTimeOffset End, long Bytes, ulong Disk, string? Kept = null);

/// <summary>A recording in the trash.</summary>
internal readonly record struct RetentionTrash(string Id, string Name, string? Source, DateTimeOffset Deleted, long Bytes, ulong Disk);

/// <summary>What there is.</summary>
/// <param name="Files">Recordings, in any order.</param>
/// <param name="Trash">What is in the trash.</param>
/// <param name="Free">Bytes that are free on each disk.</param>
/// <param name="Now">The time.</param>
internal sealed record RetentionState(IReadOnlyList<RetentionFile> Files, IReadOnlyList<RetentionTrash> Trash, IReadOnlyDictionary<ulong, long> Free, DateTimeOffset Now);

/// <summary>One thing that goes.</summary>
/// <param name="Item">What the trash calls it; null for a recording.</param>
/// <param name="Name">The recording's name.</param>
/// <param name="Source">Null when nobody knows.</param>
/// <param name="Start">When it began, or was deleted.</param>
/// <param name="End">When it ended.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Why">"trash", or the key of the configuration.</param>
/// <param name="Reason">The same as a sentence's end.</param>
internal readonly record struct Removal(string? Item, string Name, string? Source, DateTimeOffset Start, DateTimeOffset End, long Bytes, string Why, string Reason);

/// <summary>What goes, and why: pure, in the order in which it is to go.</summary>
/// <param name="Removals">The trash before recordings, the oldest first, limit by limit.</param>
/// <param name="Shortfalls">Limits that cannot be kept, as sentences.</param>
internal sealed record RetentionPlan(IReadOnlyList<Removal> Removals, IReadOnlyList<string> Shortfalls)
{
    public const string TrashAge = "trash";
    public const string KeepDays = "keep_days";
    public const string KeepSize = "keep_gb";
    public const string KeepFree = "keep_free_gb";

    public long Bytes => Removals.Sum(removal => removal.Bytes);

    public static RetentionPlan Of(RetentionState state, RetentionOptions limits, TimeSpan trashAge) => new Planner(state, limits, trashAge).Make();

    public static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.###} GB");

    private sealed class Planner(RetentionState state, RetentionOptions limits, TimeSpan trashAge)
    {
        private readonly List<RetentionTrash> _trash = [.. state.Trash.OrderBy(item => item.Deleted).ThenBy(item => item.Id, StringComparer.Ordinal)];
        private readonly List<RetentionFile> _files = [.. state.Files.OrderBy(file => file.Start).ThenBy(file => file.Name, StringComparer.Ordinal)];
        private readonly Dictionary<ulong, long> _free = new(state.Free);
        private readonly List<Removal> _removals = [];
        private readonly List<string> _shortfalls = [];

        public RetentionPlan Make()
        {
            Take(item => item.Deleted < state.Now - trashAge, _ => false, long.MaxValue, TrashAge, _ => $"in the trash for more than {Days(trashAge)}");
            Take(
                _ => false,
                file => limits.AgeOf(file.Source) is { } age && file.End < state.Now - age,
                long.MaxValue,
                KeepDays,
                source => $"older than keep_days = {Number(limits.AgeOf(source)!.Value.TotalDays)}");
            foreach (var (source, own) in limits.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                Shrink(own.Bytes, item => item.Source == source, file => file.Source == source, $"[{source}] ");
            }

            Shrink(limits.General.Bytes, _ => true, _ => true, "");
            foreach (var (source, own) in limits.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                Free(own.FreeBytes, item => item.Source == source, file => file.Source == source, $"[{source}] ");
            }

            Free(limits.General.FreeBytes, _ => true, _ => true, "");
            return new RetentionPlan(_removals, _shortfalls);
        }

        private void Shrink(long? most, Func<RetentionTrash, bool> isTrash, Func<RetentionFile, bool> isFile, string whose)
        {
            if (most is not { } bytes)
            {
                return;
            }

            var over = _trash.Where(isTrash).Sum(item => item.Bytes) + _files.Where(isFile).Sum(file => file.Bytes) - bytes;
            if (Take(isTrash, isFile, over, KeepSize, _ => $"{whose}more than keep_gb = {Number(bytes / 1e9)}") is > 0 and var left)
            {
                _shortfalls.Add($"{whose}keep_gb = {Number(bytes / 1e9)} cannot be kept: {Gigabytes(left)} more are being recorded, protected or labelled.");
            }
        }

        private void Free(long? least, Func<RetentionTrash, bool> isTrash, Func<RetentionFile, bool> isFile, string whose)
        {
            if (least is not { } bytes)
            {
                return;
            }

            foreach (var disk in _files.Where(isFile).Select(file => file.Disk).Concat(_trash.Where(isTrash).Select(item => item.Disk)).Distinct().ToList())
            {
                var lacking = bytes - _free.GetValueOrDefault(disk, long.MaxValue / 2);
                if (Take(
                    item => item.Disk == disk && isTrash(item),
                    file => file.Disk == disk && isFile(file),
                    lacking,
                    KeepFree,
                    _ => $"{whose}less than keep_free_gb = {Number(bytes / 1e9)} are free") is > 0 and var left)
                {
                    _shortfalls.Add($"{whose}keep_free_gb = {Number(bytes / 1e9)} cannot be kept: {Gigabytes(left)} are lacking, and what is left is being recorded, protected, labelled, or not isr's.");
                }
            }
        }

        /// <summary>Takes what may go until there is enough; how much is lacking still.</summary>
        private long Take(Func<RetentionTrash, bool> isTrash, Func<RetentionFile, bool> isFile, long bytes, string why, Func<string?, string> reason)
        {
            var isLimited = bytes != long.MaxValue;
            _trash.RemoveAll(item => bytes > 0 && isTrash(item)
                && Remove(new Removal(item.Id, item.Name, item.Source, item.Deleted, item.Deleted, item.Bytes, why, reason(item.Source)), item.Disk));
            _files.RemoveAll(file => bytes > 0 && file.Kept is null && isFile(file)
                && Remove(new Removal(null, file.Name, file.Source, file.Start, file.End, file.Bytes, why, reason(file.Source)), file.Disk));
            return bytes;

            bool Remove(Removal removal, ulong disk)
            {
                _removals.Add(removal);
                bytes -= isLimited ? removal.Bytes : 0;
                if (_free.TryGetValue(disk, out var free))
                {
                    _free[disk] = free + removal.Bytes;
                }

                return true;
            }
        }

        private static string Days(TimeSpan age) => $"{Number(age.TotalDays)} days";

        private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
    }
}
