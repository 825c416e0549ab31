using System.Globalization;
using Isr.Recording.Time;

namespace Isr.SelfTest;

/// <summary>Whether the wall clock and the one that only counts agree, and whether a time server has set the first.</summary>
internal sealed class ClockTrial(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private readonly DateTimeOffset _wall = time.GetUtcNow();

    public TrialResult End(ClockState state)
    {
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        var apart = (time.GetUtcNow() - _wall).TotalSeconds - seconds;
        if (Math.Abs(apart) > WallClock.StepLimit.TotalSeconds)
        {
            return new TrialResult("clock", TrialOutcome.Failed, string.Create(
                CultureInfo.InvariantCulture, $"it was set by {apart:0.000} s within {seconds:0} s: something sets it besides a time server. Every such step begins a new file."));
        }

        var agreement = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(apart) * 1000:0} ms apart from the counting clock after {seconds:0} s");
        return new TrialResult("clock", TrialOutcome.Ok, state switch
        {
            ClockState.Synchronised => $"set by a time server; {agreement}.",
            ClockState.Unsynchronised => $"{agreement}; no time server has set it since the start: until then recordings are marked as of doubtful time.",
            _ => $"{agreement}; the system does not say whether a time server sets it.",
        });
    }
}
