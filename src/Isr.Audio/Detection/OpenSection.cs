namespace Isr.Audio.Detection;

/// <summary>A section that is being gathered: its loud windows so far, by part and number.</summary>
internal sealed class OpenSection(SectionPart firstPart, int first)
{
    public SectionPart FirstPart { get; } = firstPart;

    public int First { get; } = first;

    public SectionPart LastPart { get; private set; } = firstPart;

    public int Last { get; private set; } = first;

    public double Peak { get; private set; } = double.NegativeInfinity;

    public double Onset { get; private set; } = double.NegativeInfinity;

    /// <summary>Goes on to a later loud window.</summary>
    public void Extend(SectionPart part, int last, double peak, double onset)
    {
        (LastPart, Last) = (part, last);
        (Peak, Onset) = (Math.Max(Peak, peak), Math.Max(Onset, onset));
    }

    /// <summary>Whether it is over by the time of a quiet window after its last loud one.</summary>
    public bool IsOverAt(SectionPart part, int quiet, double window, double minGap) => Seconds(LastPart, part) + (quiet * window) - (Last * window) > minGap;

    /// <summary>The section, or null when it is too short.</summary>
    /// <param name="window">Seconds of a window.</param>
    /// <param name="minDuration">Seconds that it must last.</param>
    /// <param name="stillOpenAt">The recording at whose end it still went on; null when it was over before.</param>
    public RunSection? ToSection(double window, double minDuration, SectionPart? stillOpenAt)
    {
        // Products and sums in the order of the contract: in one recording the first summand is 0.
        var end = (Last * window) + window;
        if (Seconds(FirstPart, LastPart) + end - (First * window) < minDuration - 1e-9)
        {
            return null;
        }

        return new RunSection(
            FirstPart,
            DecimalRounding.Round(First * window, 1),
            stillOpenAt ?? LastPart,
            DecimalRounding.Round(stillOpenAt?.Duration ?? end, 1),
            DecimalRounding.Round(Math.Max(0, Math.Min(Peak, Onset)), 1));
    }

    private static double Seconds(SectionPart from, SectionPart to) => (to.StartUtc - from.StartUtc).TotalSeconds;
}
