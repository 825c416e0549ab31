namespace Isr.Audio.Cutting;

/// <summary>Finds a place in a file that tells everywhere what place it is.</summary>
internal static class PlaceSearch
{
    /// <summary>The first place at an offset or behind it, and before another offset.</summary>
    public delegate bool TryFindFrom(long offset, long before, out FramePlace found);

    /// <summary>
    /// A place at or before a sample, less than so many bytes before the one that is nearest. Where places are not in order, the lowest:
    /// then all must be read.
    /// </summary>
    public static FramePlace Find(FramePlace low, FramePlace high, long sample, int nearBytes, TryFindFrom probe)
    {
        var lowest = low;
        if (sample >= high.Sample)
        {
            return high;
        }

        for (var isGuess = true; high.Offset - low.Offset > nearBytes; isGuess = !isGuess)
        {
            // Equal times mostly have about equal lengths: the guess is near. Halving sees to it that it ends where not.
            var span = high.Offset - low.Offset;
            var share = isGuess && high.Sample > low.Sample ? Math.Max(0, sample - low.Sample) / (double)(high.Sample - low.Sample) : 0.5;
            var middle = low.Offset + Math.Clamp((long)(span * share) - (isGuess ? nearBytes / 2 : 0), 1, span - 1);
            if (!probe(middle, high.Offset, out var found))
            {
                if (middle - low.Offset <= nearBytes)
                {
                    return low;
                }

                high = high with { Offset = middle };
            }
            else if (found.Sample < low.Sample || found.Sample > high.Sample)
            {
                return lowest;
            }
            else if (found.Sample <= sample)
            {
                low = found;
            }
            else
            {
                high = new FramePlace(middle, found.Sample);
            }
        }

        return low;
    }
}
