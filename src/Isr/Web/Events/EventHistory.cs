using System.Globalization;
using System.Security.Cryptography;

namespace Isr.Web.Events;

/// <summary>One event as it is sent.</summary>
/// <param name="Number">Counts from 1; 0 for what is never replayed.</param>
/// <param name="Type">Its name.</param>
/// <param name="Data">JSON without line feeds.</param>
internal readonly record struct LiveEvent(long Number, string Type, string Data);

/// <summary>
/// The events of late, for who comes back and says by its last id what it has (Last-Event-ID). Ids name the run of the program, so
/// that those of an earlier one are known for what they are. Not safe for several threads.
/// </summary>
internal sealed class EventHistory
{
    /// <summary>Minutes of the busiest recorder, hours of a usual one.</summary>
    private const int MaxKept = 1000;

    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly Queue<LiveEvent> _events = new();
    private long _last;

    public LiveEvent Add(string type, string data)
    {
        var added = new LiveEvent(++_last, type, data);
        _events.Enqueue(added);
        if (_events.Count > MaxKept)
        {
            _events.Dequeue();
        }

        return added;
    }

    public string IdOf(LiveEvent told) => IdOf(told.Number);

    /// <summary>The id of the newest event: who has it has missed nothing.</summary>
    public string LastId => IdOf(_last);

    /// <summary>What was told since that id; null when that is not known any more, and all must be asked for anew.</summary>
    public IReadOnlyList<LiveEvent>? Since(string id)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || id[..dash] != _run || !long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > _last)
        {
            return null;
        }

        var first = _events.TryPeek(out var oldest) ? oldest.Number : _last + 1;
        return number + 1 < first ? null : [.. _events.Where(e => e.Number > number)];
    }

    private string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_run}-{number}");
}
