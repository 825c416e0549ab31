using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>
/// When frames of a tapped stream truly sounded: a frame cannot arrive before it has sounded, so the least of
/// arrival minus position over all that came after the burst dates them all.
/// </summary>
internal sealed class TrueTime
{
    private readonly List<ReadOnlyMemory<byte>> _frames;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly double _secondsPerFrame;
    private readonly DateTimeOffset _start;

    /// <param name="tap">What was heard.</param>
    /// <param name="isMp3">Else it is ADTS.</param>
    /// <param name="clock">The tap's clock.</param>
    public TrueTime(RawTap tap, bool isMp3, TimeProvider clock)
    {
        var body = tap.Body;
        _frames = isMp3 ? FrameSplitter.Mp3FromMiddle(body) : FrameSplitter.AdtsFromMiddle(body);
        _secondsPerFrame = (isMp3 ? 1152 : 1024) / 44100.0;
        for (var i = 0; i < _frames.Count; i++)
        {
            _places.TryAdd(Convert.ToBase64String(_frames[i].Span), i);
        }

        var (timestamp, now) = (clock.GetTimestamp(), clock.GetUtcNow());
        var least = double.PositiveInfinity;
        var end = (long)body.AsSpan().IndexOf(_frames[0].Span);
        using var arrivals = tap.Arrivals.GetEnumerator();
        arrivals.MoveNext();
        var arrived = arrivals.Current;
        for (var i = 0; i < _frames.Count; i++)
        {
            end += _frames[i].Length;
            while (arrived.Length < end && arrivals.MoveNext())
            {
                arrived = arrivals.Current;
            }

            least = Math.Min(least, -clock.GetElapsedTime(arrived.Timestamp, timestamp).TotalSeconds - (i + 1) * _secondsPerFrame);
        }

        _start = now.AddSeconds(least);
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Frames => _frames;

    /// <summary>When the frame began to sound.</summary>
    public DateTimeOffset StartOf(ReadOnlyMemory<byte> frame) => _start.AddSeconds(_places[Convert.ToBase64String(frame.Span)] * _secondsPerFrame);
}
