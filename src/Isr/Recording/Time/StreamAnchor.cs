namespace Isr.Recording.Time;

/// <summary>A stretch of sound that the source never sent.</summary>
/// <param name="Position">Seconds of stream before it.</param>
/// <param name="Seconds">Its length.</param>
internal readonly record struct SourceStall(double Position, double Seconds);

/// <summary>
/// Says when a stream's samples sounded. A frame cannot arrive before it has sounded, and most arrive late by
/// whatever the network does; so the truth is the lower envelope of arrival minus position. A burst on
/// connecting lowers it at once (the burst is dated back), clocks that differ raise it slowly, and a source
/// that stood still raises it for good.
/// All times are seconds on one monotonic clock; pure, it reads none.
/// </summary>
internal sealed class StreamAnchor
{
    /// <summary>A rise of more than this that lasts for <see cref="StallConfirmation"/> is a stall.</summary>
    public const double StallLimit = 0.5;

    /// <summary>Seconds for which the envelope must stay up: a network that only delayed the audio catches up sooner.</summary>
    public const double StallConfirmation = 15;

    // Crystals differ by up to some 100 ppm; this follows them and hardly anything else.
    private const double SlewPerSecond = 500e-6;

    // The envelope is the minimum over the last minute, kept as minima of six blocks.
    private const double BlockSeconds = 10;
    private const int Blocks = 6;

    private readonly double[] _minima = new double[Blocks];
    private int _block;
    private double _blockEnd;
    private double _lastArrival;
    private double _lastDrop;
    private double _stallSince = double.NaN;
    private double _stallPosition;
    private double _stallRise;

    /// <summary>The time at which position 0 sounded; positive infinity before the first observation.</summary>
    public double Offset { get; private set; } = double.PositiveInfinity;

    /// <summary>Arrival of the first observation.</summary>
    public double FirstArrival { get; private set; }

    /// <summary>The stream's position at the last observation.</summary>
    public double Position { get; private set; }

    /// <summary>Seconds since delivery was last seen to be faster than real time.</summary>
    public double SteadyFor => _lastArrival - _lastDrop;

    /// <summary>
    /// Seconds of audio that came beyond what real time would have brought since the first observation, and beyond
    /// what a source's crystal gains: at 50 ppm that is a minute in a fortnight.
    /// </summary>
    public double Ahead => Position - ((_lastArrival - FirstArrival) * (1 + SlewPerSecond));

    /// <summary>Takes one arrival: everything up to <paramref name="position"/> is there at <paramref name="arrival"/>.</summary>
    /// <returns>A stall, once, when it is certain; the offset has then moved by its length.</returns>
    public SourceStall? Observe(double position, double arrival)
    {
        var late = arrival - position;
        if (double.IsPositiveInfinity(Offset))
        {
            (FirstArrival, _lastDrop) = (arrival, arrival);
            StartWindow(late, arrival);
        }

        var elapsed = Math.Max(0, arrival - _lastArrival);
        (Position, _lastArrival) = (position, arrival);
        Advance(late, arrival);

        if (late < Offset)
        {
            // Less than a frame or two of improvement is jitter, not a burst.
            const double Jitter = 0.06;
            if (Offset - late > Jitter)
            {
                _lastDrop = arrival;
            }

            Offset = late;
        }
        else
        {
            Offset += Math.Clamp(_minima.Min() - Offset, 0, SlewPerSecond * elapsed);
        }

        return ObserveStall(position, late, arrival);
    }

    /// <summary>
    /// Moves the time of all positions by so many seconds, where it is known from elsewhere. Later arrivals bring it back
    /// to what they show: at once where they are earlier, slowly where they are later.
    /// </summary>
    public void Move(double seconds) => Offset += seconds;

    private SourceStall? ObserveStall(double position, double late, double arrival)
    {
        var rise = late - Offset;
        if (rise <= StallLimit)
        {
            _stallSince = double.NaN;
            _stallPosition = position;
            return null;
        }

        if (double.IsNaN(_stallSince))
        {
            (_stallSince, _stallRise) = (arrival, rise);
        }

        _stallRise = Math.Min(_stallRise, rise);
        if (arrival - _stallSince < StallConfirmation)
        {
            return null;
        }

        var stall = new SourceStall(_stallPosition, _stallRise);
        StartWindow(Offset + _stallRise, arrival);
        (_stallSince, _stallPosition) = (double.NaN, position);
        return stall;
    }

    private void StartWindow(double offset, double arrival)
    {
        Offset = offset;
        Array.Fill(_minima, double.PositiveInfinity);
        _minima[_block] = offset;
        _blockEnd = arrival + BlockSeconds;
        _lastArrival = arrival;
    }

    private void Advance(double late, double arrival)
    {
        while (arrival >= _blockEnd)
        {
            _block = (_block + 1) % Blocks;
            _minima[_block] = double.PositiveInfinity;
            // After a long silence the blocks in between are empty: one empty block is as good as many.
            _blockEnd = arrival - _blockEnd > BlockSeconds * Blocks ? arrival + BlockSeconds : _blockEnd + BlockSeconds;
        }

        _minima[_block] = Math.Min(_minima[_block], late);
    }
}
