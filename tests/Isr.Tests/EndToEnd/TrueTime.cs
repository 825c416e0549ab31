using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>
/// When frames of a tapped stream truly sounded: a frame cannot arrive before it has sounded, so the least of
/// arrival minus position over all that came dates them all. A packet of Ogg arrives with its whole page.
/// </summary>
internal sealed class TrueTime
{
    private readonly double[] _positions;
    private readonly DateTimeOffset _start;

    /// <param name="tap">What was heard.</param>
    /// <param name="frames">The same, cut into frames.</param>
    /// <param name="clock">The tap's clock.</param>
    public TrueTime(RawTap tap, IReadOnlyList<HeardFrame> frames, TimeProvider clock)
    {
        _positions = new double[frames.Count + 1];
        var (timestamp, now) = (clock.GetTimestamp(), clock.GetUtcNow());
        var least = double.PositiveInfinity;
        using var arrivals = tap.Arrivals.GetEnumerator();
        arrivals.MoveNext();
        var arrived = arrivals.Current;
        for (var i = 0; i < frames.Count; i++)
        {
            while (arrived.Length < frames[i].End && arrivals.MoveNext())
            {
                arrived = arrivals.Current;
            }

            _positions[i + 1] = _positions[i] + frames[i].Seconds;
            least = Math.Min(least, -clock.GetElapsedTime(arrived.Timestamp, timestamp).TotalSeconds - _positions[i + 1]);
        }

        _start = now.AddSeconds(least);
    }

    /// <summary>When the frame at that place among all frames began to sound.</summary>
    public DateTimeOffset StartOf(int place) => _start.AddSeconds(_positions[place]);
}
