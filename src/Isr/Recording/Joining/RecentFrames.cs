using System.Numerics;
using Isr.Audio;

namespace Isr.Recording.Joining;

/// <summary>What is kept of a frame to know it again.</summary>
/// <param name="Hash">Of its bytes.</param>
/// <param name="Samples">How long it sounds, with what is not heard of it.</param>
internal readonly record struct FramePrint(ulong Hash, int Samples)
{
    public static FramePrint Of(in AudioFrame frame) => new(FrameHash.Of(frame.Data), frame.Samples + frame.Unheard);
}

/// <summary>
/// The frames of a source that were recorded last, by their prints: half a minute of them, which is more than the
/// burst of any server seen. The audio itself would be 48 MB at a hundred streams.
/// </summary>
internal sealed class RecentFrames
{
    private const int FirstCapacity = 512;

    // Vorbis in short blocks has 344 packets a second, Opus up to 400.
    private const int MaxCapacity = 16 * 1024;
    private const double Seconds = 30;

    private FramePrint[] _prints = [];
    private int _start;
    private double _seconds;

    public int Count { get; private set; }

    /// <summary>Where the newest frame ends, by the stream's own count; null where that does not tell.</summary>
    public StreamPosition? End { get; private set; }

    /// <summary>From the oldest.</summary>
    public FramePrint this[int index] => _prints[(_start + index) & (_prints.Length - 1)];

    public void Add(in AudioFrame frame)
    {
        var print = FramePrint.Of(frame);
        _seconds += SecondsOf(print, frame.Format);
        while (Count > 0 && _seconds - SecondsOf(this[0], frame.Format) > Seconds)
        {
            RemoveFirst(frame.Format);
        }

        if (Count == _prints.Length && !TryGrow())
        {
            RemoveFirst(frame.Format);
        }

        _prints[(_start + Count++) & (_prints.Length - 1)] = print;
        End = frame.Position is { } position ? position with { Samples = position.Samples + print.Samples }
            : End is { } end && frame.Lost is null ? end with { Samples = end.Samples + print.Samples }
            : null;
    }

    /// <summary>What follows does not follow on what is known: frames before it were never written.</summary>
    public void Clear()
    {
        (_start, Count, _seconds) = (0, 0, 0);
        End = null;
    }

    private static double SecondsOf(FramePrint print, in AudioFormat format) => (double)print.Samples / format.SampleRate;

    private void RemoveFirst(in AudioFormat format)
    {
        _seconds = Math.Max(0, _seconds - SecondsOf(this[0], format));
        _start = (_start + 1) & (_prints.Length - 1);
        Count--;
    }

    private bool TryGrow()
    {
        if (_prints.Length == MaxCapacity)
        {
            return false;
        }

        var larger = new FramePrint[Math.Max(FirstCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)_prints.Length + 1))];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        (_prints, _start) = (larger, 0);
        return true;
    }
}
