using Isr.Audio;

namespace Isr.Recording.Joining;

/// <summary>How a new connection's first frames lie to those that were recorded last.</summary>
/// <param name="DoubledFrom">
/// Which of the recorded frames is the connection's first one, negative when it is older than all that are known; null when they have none in common.
/// </param>
/// <param name="Missing">Samples between the last recorded frame and the first new one, where the stream itself tells; null where it does not.</param>
internal readonly record struct Seam(int? DoubledFrom, long? Missing)
{
    /// <summary>An alignment by hashes counts from so many equal frames on…</summary>
    private const int LeastEqual = 8;

    /// <summary>…of which so many differ: digital silence repeats itself.</summary>
    private const int LeastDifferent = 4;

    /// <summary>Fewer count if all of them differ, and if the clock tells of as long an overlap.</summary>
    private const int LeastEqualByClock = 2;

    /// <summary>By how much the clock may be wrong about it, in seconds.</summary>
    private const double MostDifference = 0.5;

    /// <summary>What repeats itself without end costs at most so many comparisons, some milliseconds.</summary>
    private const int MostComparisons = 10_000_000;

    /// <summary>Nothing in common, nothing known.</summary>
    public static Seam None => default;

    /// <summary>
    /// Finds it: by the stream's own count where that is plausible, else by the one alignment in which all frames that
    /// could be equal are.
    /// </summary>
    /// <param name="recorded">What was recorded last.</param>
    /// <param name="first">The new connection's first frames.</param>
    /// <param name="start">Where the first of them begins by the stream's own count; null where that does not tell.</param>
    /// <param name="sampleRate">Of the new frames.</param>
    /// <param name="gapByClock">Seconds between the two as the clock tells; negative where it tells that they overlap.</param>
    public static Seam Find(RecentFrames recorded, ReadOnlySpan<FramePrint> first, StreamPosition? start, int sampleRate, double gapByClock)
    {
        if (recorded.Count == 0 || first.IsEmpty)
        {
            return None;
        }

        return FindByPosition(recorded, first, start, sampleRate, gapByClock) ?? FindByHashes(recorded, first, sampleRate, gapByClock);
    }

    private static Seam? FindByPosition(RecentFrames recorded, ReadOnlySpan<FramePrint> first, StreamPosition? start, int sampleRate, double gapByClock)
    {
        // Another encoder may have the same serial number, or none; that it has also counted as far is chance.
        if (start is not { } from || recorded.End is not { } end || from.Stream != end.Stream)
        {
            return null;
        }

        var missing = from.Samples - end.Samples;
        if (missing >= 0)
        {
            return Math.Abs(((double)missing / sampleRate) - gapByClock) <= MostDifference ? new Seam(null, missing) : null;
        }

        var index = recorded.Count;
        while (missing < 0 && index > 0)
        {
            missing += recorded[--index].Samples;
        }

        // A frame that only prepares the decoder lies before the place at which it ends.
        while (missing == 0 && first[0].Hash != recorded[index].Hash && index > 0 && recorded[index - 1].Hash == first[0].Hash)
        {
            index--;
        }

        var comparisons = 0;
        return missing == 0 && AreEqual(recorded, first, index, out _, ref comparisons) ? new Seam(index, null) : null;
    }

    private static Seam FindByHashes(RecentFrames recorded, ReadOnlySpan<FramePrint> first, int sampleRate, double gapByClock)
    {
        int? found = null;
        if (!HasVariety(first))
        {
            return None;
        }

        var comparisons = 0;
        for (var offset = LeastEqual - first.Length; offset <= recorded.Count - LeastEqual; offset++)
        {
            if (AreEqual(recorded, first, offset, out var equal, ref comparisons) && equal.Length >= LeastEqual && HasVariety(equal))
            {
                if (found is not null)
                {
                    return None;
                }

                found = offset;
            }

            if (comparisons > MostComparisons)
            {
                return None;
            }
        }

        return new Seam(found ?? FindShort(recorded, first, sampleRate, gapByClock), null);
    }

    /// <summary>An overlap of a few frames, the end of what was recorded.</summary>
    private static int? FindShort(RecentFrames recorded, ReadOnlySpan<FramePrint> first, int sampleRate, double gapByClock)
    {
        var comparisons = 0;
        var samples = 0L;
        for (var count = 1; count < LeastEqual && count <= Math.Min(recorded.Count, first.Length); count++)
        {
            samples += recorded[recorded.Count - count].Samples;
            if (count >= LeastEqualByClock
                && Math.Abs(((double)samples / sampleRate) + gapByClock) <= MostDifference
                && AreEqual(recorded, first[..count], recorded.Count - count, out var equal, ref comparisons)
                && AreAllDifferent(equal))
            {
                return recorded.Count - count;
            }
        }

        return null;
    }

    private static bool AreAllDifferent(ReadOnlySpan<FramePrint> prints)
    {
        for (var i = 1; i < prints.Length; i++)
        {
            foreach (ref readonly var other in prints[..i])
            {
                if (other.Hash == prints[i].Hash)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether all frames are equal that both have, when the first new one is the recorded one at <paramref name="offset"/>.</summary>
    private static bool AreEqual(RecentFrames recorded, ReadOnlySpan<FramePrint> first, int offset, out ReadOnlySpan<FramePrint> equal, ref int comparisons)
    {
        var begin = Math.Max(0, -offset);
        equal = first[begin..Math.Min(first.Length, recorded.Count - offset)];
        for (var i = 0; i < equal.Length; i++)
        {
            comparisons++;
            if (equal[i].Hash != recorded[offset + begin + i].Hash)
            {
                return false;
            }
        }

        return equal.Length > 0;
    }

    /// <summary>Counts no further than is asked for: a minute of silence is compared at thousands of places.</summary>
    private static bool HasVariety(ReadOnlySpan<FramePrint> prints)
    {
        Span<ulong> seen = stackalloc ulong[LeastDifferent];
        var count = 0;
        foreach (ref readonly var print in prints)
        {
            if (!seen[..count].Contains(print.Hash))
            {
                seen[count++] = print.Hash;
                if (count == LeastDifferent)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
