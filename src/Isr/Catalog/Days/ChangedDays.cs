namespace Isr.Catalog.Days;

/// <summary>Which days something changed of, so that what was worked out of all others stays good.</summary>
internal sealed class ChangedDays
{
    /// <summary>Of more changes than these it is only known that there were many.</summary>
    private const int MaxKept = 4096;
    private const int DayDigits = 10;

    private readonly Lock _gate = new();
    private readonly Queue<(long Version, string Day)> _changes = new();
    private long _version;
    private long _forgotten;

    /// <param name="date">Which begins with YYYY-MM-DD.</param>
    public void Add(string date)
    {
        lock (_gate)
        {
            _changes.Enqueue((++_version, date.Length > DayDigits ? date[..DayDigits] : date));
            if (_changes.Count > MaxKept)
            {
                _forgotten = _changes.Dequeue().Version;
            }
        }
    }

    /// <summary>Anything may have changed.</summary>
    public void AddAll()
    {
        lock (_gate)
        {
            _changes.Clear();
            _forgotten = ++_version;
        }
    }

    /// <summary>The days of which something changed since that version; null when that may be any of them.</summary>
    public (long Version, IReadOnlySet<string>? Days) Since(long version)
    {
        lock (_gate)
        {
            return (_version, version < _forgotten ? null : _changes.Where(c => c.Version > version).Select(c => c.Day).ToHashSet(StringComparer.Ordinal));
        }
    }
}
