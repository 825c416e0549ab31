using Isr.Catalog.Coverage;

namespace Isr.Catalog.Levels;

/// <summary>When a file's samples sounded: from its start on, as fast as the source's clock went, later by what the source stood still.</summary>
internal sealed class LevelPlacement
{
    private readonly long _start;
    private readonly double _scale;

    /// <summary>From these times on, counted as if it had never stood still, it sounded so much later.</summary>
    private readonly long[] _stallsAt;
    private readonly long[] _later;

    /// <param name="start">Ticks of UTC.</param>
    /// <param name="scale">Seconds of time in a second of the file; near 1.</param>
    /// <param name="stalls">When the source stood still meanwhile, in order.</param>
    public LevelPlacement(long start, double scale, IReadOnlyList<Interval> stalls)
    {
        (_start, _scale) = (start, scale);
        (_stallsAt, _later) = (new long[stalls.Count], new long[stalls.Count]);
        var stood = 0L;
        for (var i = 0; i < stalls.Count; i++)
        {
            _stallsAt[i] = Math.Max(stalls[i].From - stood, i == 0 ? long.MinValue : _stallsAt[i - 1]);
            _later[i] = stood += stalls[i].Length;
        }
    }

    /// <param name="seconds">From the file's beginning.</param>
    public long At(double seconds)
    {
        var at = _start + (long)Math.Round(seconds * _scale * TimeSpan.TicksPerSecond);
        if (_stallsAt.Length == 0)
        {
            return at;
        }

        var found = Array.BinarySearch(_stallsAt, at);
        while (found >= 0 && found + 1 < _stallsAt.Length && _stallsAt[found + 1] == at)
        {
            found++;
        }

        var passed = found >= 0 ? found + 1 : ~found;
        return passed == 0 ? at : at + _later[passed - 1];
    }
}
