namespace Isr.Alarms.Rules;

/// <summary>
/// Whether something lasts: it must hold without a break for one time to begin, and not hold for another to be over. It knows no clock;
/// who advances it says how much time has passed.
/// </summary>
/// <param name="begin">How long it must hold.</param>
/// <param name="end">How long it must not hold.</param>
/// <param name="isActive">Whether it has begun already.</param>
internal sealed class AlarmCondition(TimeSpan begin, TimeSpan end, bool isActive = false)
{
    private bool _hasChanged;

    public bool IsActive { get; private set; } = isActive;

    /// <summary>For how long it has been otherwise than <see cref="IsActive"/> says; after a change, how long ago that truly was.</summary>
    public TimeSpan Held { get; private set; }

    /// <summary>Takes what was seen over a stretch of time. True when <see cref="IsActive"/> has changed.</summary>
    /// <param name="holds">Null where it cannot be told, which neither begins nor ends anything.</param>
    /// <param name="by">How long that stretch was.</param>
    public bool Advance(bool? holds, TimeSpan by)
    {
        if (_hasChanged)
        {
            (_hasChanged, Held) = (false, TimeSpan.Zero);
        }

        if (holds is not { } now)
        {
            return false;
        }

        if (now == IsActive)
        {
            Held = TimeSpan.Zero;
            return false;
        }

        Held += by;
        if (Held < (IsActive ? end : begin))
        {
            return false;
        }

        IsActive = !IsActive;
        _hasChanged = true;
        return true;
    }
}
