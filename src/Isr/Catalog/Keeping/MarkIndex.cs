namespace Isr.Catalog.Keeping;

/// <summary>Which marks are wanted; null leaves a part out.</summary>
internal readonly record struct MarkFilter
{
    /// <summary>Those of this recording.</summary>
    public MarkedFile? File { get; init; }

    public string? Source { get; init; }

    /// <summary>Those that end after it.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Those that begin before it.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>In any case.</summary>
    public string? Label { get; init; }

    public bool? Reviewed { get; init; }
}

/// <summary>A recording by all that a mark may know of it.</summary>
internal readonly record struct MarkedFile(string Name, string? Source, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Marks in memory, in the order of their times and by what they belong to. Used by one thread at a time.</summary>
internal sealed class MarkIndex
{
    /// <summary>Two recordings of one source may seem to share so much where they meet.</summary>
    private static readonly TimeSpan s_seam = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Mark> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Mark>> _byFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Timeline> _bySource = new(StringComparer.Ordinal);
    private readonly Timeline _all = new();

    public int Count => _byId.Count;

    public Mark? Find(string id) => _byId.GetValueOrDefault(id);

    public IEnumerable<Mark> All => _byId.Values;

    public void Apply(MarkChange change)
    {
        foreach (var id in change.Removed)
        {
            Remove(id);
        }

        foreach (var mark in change.Put)
        {
            Remove(mark.Id);
            _byId.Add(mark.Id, mark);
            _all.Add(mark);
            ListOf(mark.File).Add(mark);
            if (mark.Source is { } source)
            {
                TimelineOf(source).Add(mark);
            }
        }
    }

    /// <summary>In order of time, then id.</summary>
    public IEnumerable<Mark> List(MarkFilter filter, MarkPlace after)
    {
        var found = filter.File is { } file ? Of(file).Where(m => MarkPlace.Of(m) > after).OrderBy(MarkPlace.Of)
            : filter.Source is null ? _all.Within(filter.From, filter.To, after)
            : _bySource.TryGetValue(filter.Source, out var timeline) ? timeline.Within(filter.From, filter.To, after)
            : [];
        return found.Where(mark =>
            (filter.Source is null || mark.Source == filter.Source)
            && (filter.From is null || EndOf(mark) > filter.From)
            && (filter.To is null || StartOf(mark) < filter.To)
            && (filter.Label is null || string.Equals(mark.Label, filter.Label, StringComparison.OrdinalIgnoreCase))
            && (filter.Reviewed is null || mark.Reviewed == filter.Reviewed));
    }

    /// <summary>Marks of a recording: those with its name, and those of its source and time, whatever its name was then.</summary>
    public IEnumerable<Mark> Of(MarkedFile file)
    {
        var named = _byFile.GetValueOrDefault(file.Name) ?? [];
        if (file is not { Source: { } source, From: { } from, To: { } to } || !_bySource.TryGetValue(source, out var timeline))
        {
            return named;
        }

        // A copy: the caller may change marks while it looks at them.
        return [.. named, .. timeline.Within(from, to, MarkPlace.First).Where(m => m.File != file.Name && SharesTime(m, from, to))];
    }

    internal static DateTimeOffset StartOf(Mark mark) => mark.From ?? mark.At ?? default;

    internal static DateTimeOffset EndOf(Mark mark) => mark.To ?? StartOf(mark);

    private static bool SharesTime(Mark mark, DateTimeOffset from, DateTimeOffset to)
    {
        if (mark.From is not { } begin || mark.To is not { } end)
        {
            return false;
        }

        var shared = (end < to ? end : to) - (begin > from ? begin : from);
        return shared > TimeSpan.Zero && shared >= (end - begin < s_seam * 2 ? (end - begin) / 2 : s_seam);
    }

    private void Remove(string id)
    {
        if (_byId.Remove(id, out var mark))
        {
            _all.Remove(mark);
            if (mark.Source is { } source)
            {
                _bySource[source].Remove(mark);
            }

            _byFile[mark.File].Remove(mark);
            if (_byFile[mark.File].Count == 0)
            {
                _byFile.Remove(mark.File);
            }
        }
    }

    private List<Mark> ListOf(string file) => _byFile.TryGetValue(file, out var list) ? list : _byFile[file] = [];

    private Timeline TimelineOf(string source) => _bySource.TryGetValue(source, out var timeline) ? timeline : _bySource[source] = new Timeline();

    /// <summary>Marks by their beginnings.</summary>
    private sealed class Timeline
    {
        private readonly Dictionary<MarkPlace, Mark> _marks = [];
        private readonly SortedSet<MarkPlace> _places = [];
        private TimeSpan _longest;

        public void Add(Mark mark)
        {
            _places.Add(MarkPlace.Of(mark));
            _marks.Add(MarkPlace.Of(mark), mark);
            _longest = EndOf(mark) - StartOf(mark) is var length && length > _longest ? length : _longest;
        }

        public void Remove(Mark mark)
        {
            _places.Remove(MarkPlace.Of(mark));
            _marks.Remove(MarkPlace.Of(mark));
        }

        /// <summary>All that may share a moment with a span, and some before it.</summary>
        public IEnumerable<Mark> Within(DateTimeOffset? from, DateTimeOffset? to, MarkPlace after)
        {
            var first = from is { } begin ? new MarkPlace(Math.Max(0, begin.UtcTicks - _longest.Ticks), "") : MarkPlace.First;
            var last = to is { } end ? new MarkPlace(end.UtcTicks, "") : MarkPlace.Last;
            first = first < after ? after : first;
            return first > last ? [] : _places.GetViewBetween(first, last).Where(p => p > after).Select(p => _marks[p]);
        }
    }
}

/// <summary>Where a mark stands in the order of all.</summary>
/// <param name="Ticks">Of its beginning, UTC.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct MarkPlace(long Ticks, string Id) : IComparable<MarkPlace>
{
    public static MarkPlace First { get; } = new(-1, "");

    public static MarkPlace Last { get; } = new(long.MaxValue, "");

    public static MarkPlace Of(Mark mark) => new(MarkIndex.StartOf(mark).UtcTicks, mark.Id);

    public int CompareTo(MarkPlace other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : string.CompareOrdinal(Id, other.Id);

    public static bool operator <(MarkPlace one, MarkPlace other) => one.CompareTo(other) < 0;

    public static bool operator >(MarkPlace one, MarkPlace other) => one.CompareTo(other) > 0;

    public static bool operator <=(MarkPlace one, MarkPlace other) => one.CompareTo(other) <= 0;

    public static bool operator >=(MarkPlace one, MarkPlace other) => one.CompareTo(other) >= 0;

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Ticks}.{Id}");

    public static bool TryParse(string text, out MarkPlace place)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        place = First;
        if (dot <= 0 || !long.TryParse(text.AsSpan(0, dot), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var ticks)
            || !MarkRules.IsId(text[(dot + 1)..]))
        {
            return false;
        }

        place = new MarkPlace(ticks, text[(dot + 1)..]);
        return true;
    }
}
