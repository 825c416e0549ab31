using System.Diagnostics;

namespace Isr.Recording.Time;

/// <summary>
/// Says when a soundcard's samples were taken. The card counts by its own crystal; every so often the kernel notes how far
/// it has come and what the monotonic clock shows. Such a note may be late, by an interrupt or by the lump in which
/// a driver hands its samples over, but never early: so the truth is the line below all notes. Its slope is the difference
/// of the two clocks, found as the edge of the notes' lower convex hull that lies below their mean (Moon, Skelly, Towsley: "Estimation and
/// removal of clock skew from network delay measurements", INFOCOM 1999), its height is that of the lowest note of the last minute.
/// Times are seconds on one monotonic clock, positions samples since the connection began; pure, it reads no clock.
/// </summary>
internal sealed class DeviceClock(int sampleRate)
{
    /// <summary>A rise of more than this that lasts for <see cref="JumpConfirmation"/> is sound that the card never gave.</summary>
    public const double JumpLimit = 0.1;

    /// <summary>What only came late has been followed by what is in time long before.</summary>
    public const double JumpConfirmation = 5;

    /// <summary>So long a time must lie between notes for a slope to mean anything.</summary>
    private const double LeastSpan = 60;

    /// <summary>No crystal is further off, and no converter that follows one.</summary>
    private const double MaxSlope = 2000e-6;

    // Half an hour of blocks: long enough for a tenth of a ppm, short enough to follow a room's temperature.
    private const double BlockSeconds = 5;
    private const int MaxBlocks = 360;

    private const double HeightSeconds = 60;

    private readonly List<Note> _lowest = new(MaxBlocks + 1);
    private readonly int[] _hull = new int[MaxBlocks + 1];
    private Note _block;
    private double _blockEnd = double.NegativeInfinity;
    private double _slope;
    private double _height = double.PositiveInfinity;
    private double _jumpSince = double.NaN;
    private double _jumpRise;
    private long _jumpPosition;

    /// <summary>When something was noted first; NaN before.</summary>
    public double FirstNoted { get; private set; } = double.NaN;

    /// <summary>Something was noted: times can be told.</summary>
    public bool IsSet => !double.IsNaN(FirstNoted);

    /// <summary>How much faster the card counts than the monotonic clock, in parts per million; null while too little is known.</summary>
    public double? DriftPpm { get; private set; }

    /// <summary>When a sample was taken; positive infinity before the first note.</summary>
    public double TimeOf(long position) => Device(position) * (1 + _slope) + _height;

    /// <summary>The number of the first sample that was taken at a time or after it.</summary>
    public long FirstSampleAt(double time)
    {
        Debug.Assert(IsSet, "before the first note nothing has a time");
        var position = (long)Math.Ceiling((time - _height) / (1 + _slope) * sampleRate);
        while (TimeOf(position) < time)
        {
            position++;
        }

        while (TimeOf(position - 1) >= time)
        {
            position--;
        }

        return position;
    }

    /// <summary>The card counts anew from 0, after an overrun: its crystal is the same.</summary>
    public void Restart()
    {
        _lowest.Clear();
        _blockEnd = double.NegativeInfinity;
        _height = double.PositiveInfinity;
        _jumpSince = FirstNoted = double.NaN;
    }

    /// <summary>Takes a note: so many samples had been taken at that time.</summary>
    /// <returns>A jump, once, when it is certain; the times of all samples have then moved by its length.</returns>
    public SourceStall? Observe(long position, double time)
    {
        var note = new Note(Device(position), time - Device(position));
        if (double.IsNaN(FirstNoted))
        {
            (FirstNoted, _jumpPosition) = (time, position);
        }

        if (time >= _blockEnd)
        {
            EndBlock();
            (_block, _blockEnd) = (note, time + BlockSeconds);
        }
        else if (note.Above(_slope) < _block.Above(_slope))
        {
            _block = note;
        }

        SetHeight();
        return ObserveJump(position, note.Above(_slope) - _height, time);
    }

    private double Device(long position) => (double)position / sampleRate;

    private void EndBlock()
    {
        if (double.IsNegativeInfinity(_blockEnd))
        {
            return;
        }

        if (_lowest.Count == MaxBlocks)
        {
            _lowest.RemoveAt(0);
        }

        _lowest.Add(_block);
        if (_lowest[^1].Device - _lowest[0].Device >= LeastSpan)
        {
            _slope = Math.Clamp(SlopeBelowMean(), -MaxSlope, MaxSlope);
            DriftPpm = -_slope / (1 + _slope) * 1e6;
        }
    }

    private void SetHeight()
    {
        _height = _block.Above(_slope);
        for (var i = _lowest.Count - 1; i >= 0 && _block.Device - _lowest[i].Device <= HeightSeconds; i--)
        {
            _height = Math.Min(_height, _lowest[i].Above(_slope));
        }
    }

    /// <summary>The slope of the edge of the lower convex hull that spans the mean of the notes' places.</summary>
    private double SlopeBelowMean()
    {
        var count = 0;
        var mean = 0.0;
        for (var i = 0; i < _lowest.Count; i++)
        {
            mean += _lowest[i].Device;
            while (count >= 2 && !TurnsLeft(_lowest[_hull[count - 2]], _lowest[_hull[count - 1]], _lowest[i]))
            {
                count--;
            }

            _hull[count++] = i;
        }

        mean /= _lowest.Count;
        var right = 1;
        while (right < count - 1 && _lowest[_hull[right]].Device < mean)
        {
            right++;
        }

        var (a, b) = (_lowest[_hull[right - 1]], _lowest[_hull[right]]);
        return (b.Late - a.Late) / (b.Device - a.Device);
    }

    private static bool TurnsLeft(in Note a, in Note b, in Note c) =>
        ((b.Device - a.Device) * (c.Late - a.Late)) - ((c.Device - a.Device) * (b.Late - a.Late)) > 0;

    private SourceStall? ObserveJump(long position, double rise, double time)
    {
        if (rise <= JumpLimit)
        {
            (_jumpSince, _jumpPosition) = (double.NaN, position);
            return null;
        }

        if (double.IsNaN(_jumpSince))
        {
            (_jumpSince, _jumpRise) = (time, rise);
        }

        _jumpRise = Math.Min(_jumpRise, rise);
        if (time - _jumpSince < JumpConfirmation)
        {
            return null;
        }

        // What was noted before belongs to a line that is no more; the slope stays.
        var jump = new SourceStall(Device(_jumpPosition), _jumpRise);
        var height = _height + _jumpRise;
        _lowest.Clear();
        _block = new Note(Device(position), height + (Device(position) * _slope));
        (_height, _blockEnd) = (height, time + BlockSeconds);
        (_jumpSince, _jumpPosition) = (double.NaN, position);
        return jump;
    }

    /// <param name="Device">Seconds since the connection began, by the card's count.</param>
    /// <param name="Late">How much later it was by the monotonic clock.</param>
    private readonly record struct Note(double Device, double Late)
    {
        /// <summary>The height of the line of this slope that goes through it.</summary>
        public double Above(double slope) => Late - (slope * Device);
    }
}
