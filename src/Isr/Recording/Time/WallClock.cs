namespace Isr.Recording.Time;

/// <summary>A change of the wall clock that the monotonic clock did not make.</summary>
/// <param name="Seconds">How far the wall clock moved; positive is forwards.</param>
/// <param name="At">The new time.</param>
internal readonly record struct ClockStep(double Seconds, DateTimeOffset At);

/// <summary>
/// Turns monotonic timestamps into UTC. All times of recordings come from here: between two steps of the wall
/// clock they never jump and never run backwards. Differences up to half a second are followed slowly; a
/// larger one that lasts begins a new <see cref="Era"/>.
/// </summary>
internal sealed class WallClock
{
    /// <summary>A difference beyond this is a step.</summary>
    public static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(0.5);

    /// <summary>How often <see cref="Observe"/> is meant to be called.</summary>
    public static readonly TimeSpan ObservationPeriod = TimeSpan.FromSeconds(1);

    // 500 ppm, what ntpd and the kernel slew at most.
    private static readonly long s_slewTicks = ObservationPeriod.Ticks / 2000;

    // A wall time that was read between two timestamps further apart than this says nothing (the thread slept).
    private static readonly TimeSpan s_readingLimit = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly Func<ClockState> _readState;
    private readonly long _origin;
    private long _utcTicksAtOrigin;
    private long _pendingStepTicks;
    private int _era;
    private volatile ClockState _state;
    private long _observedAt;

    public WallClock(TimeProvider time, Func<ClockState> readState)
    {
        _time = time;
        _readState = readState;
        _origin = time.GetTimestamp();
        _utcTicksAtOrigin = time.GetUtcNow().UtcTicks;
        _state = readState();
        _observedAt = _origin;
    }

    /// <summary>Raised by <see cref="Observe"/> after a step has been taken over.</summary>
    public event Action<ClockStep>? Stepped;

    /// <summary>Raised by <see cref="Observe"/> when the clock becomes known to be synchronised.</summary>
    public event Action? Synchronised;

    /// <summary>Counts the steps; a file belongs to one era.</summary>
    public int Era => Volatile.Read(ref _era);

    public ClockState State => _state;

    /// <summary>Timestamp of the last <see cref="Observe"/>.</summary>
    public long ObservedAt => Volatile.Read(ref _observedAt);

    public TimeZoneInfo Zone => _time.LocalTimeZone;

    public DateTimeOffset Now => ToUtc(_time.GetTimestamp());

    public DateTimeOffset ToUtc(long timestamp) =>
        new(Interlocked.Read(ref _utcTicksAtOrigin) + _time.GetElapsedTime(_origin, timestamp).Ticks, TimeSpan.Zero);

    public DateTimeOffset ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    /// <summary>Compares the two clocks once; called once a second by one owner.</summary>
    public void Observe()
    {
        var before = _time.GetTimestamp();
        Volatile.Write(ref _observedAt, before);
        var wall = _time.GetUtcNow();
        var reading = _time.GetElapsedTime(before);
        if (reading > s_readingLimit)
        {
            return;
        }

        var difference = wall.UtcTicks - ToUtc(before).UtcTicks - (reading.Ticks / 2);
        if (Math.Abs(difference) <= StepLimit.Ticks)
        {
            _pendingStepTicks = 0;
            Interlocked.Add(ref _utcTicksAtOrigin, Math.Clamp(difference, -s_slewTicks, s_slewTicks));
            ObserveState();
        }
        else if (_pendingStepTicks != 0 && Math.Abs(difference - _pendingStepTicks) <= StepLimit.Ticks)
        {
            _pendingStepTicks = 0;
            Interlocked.Add(ref _utcTicksAtOrigin, difference);
            Interlocked.Increment(ref _era);
            Stepped?.Invoke(new ClockStep((double)difference / TimeSpan.TicksPerSecond, wall));
            ObserveState();
        }
        else
        {
            // One reading is not a lasting step.
            _pendingStepTicks = difference;
        }
    }

    private void ObserveState()
    {
        var state = _readState();
        var became = state == ClockState.Synchronised && _state == ClockState.Unsynchronised;
        _state = state;
        if (became)
        {
            Synchronised?.Invoke();
        }
    }
}
