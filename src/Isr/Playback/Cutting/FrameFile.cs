using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Playback.Samples;

namespace Isr.Playback.Cutting;

/// <summary>A part of one recording.</summary>
/// <param name="File">The recording.</param>
/// <param name="From">The first sample.</param>
/// <param name="To">The sample behind the last.</param>
internal readonly record struct CutStretch(CodedFile File, long From, long To);

/// <summary>Makes files of stretches of recordings.</summary>
internal static class FrameFile
{
    /// <summary>By the format: FLAC exactly to the sample, where the frames at its edges can be decoded.</summary>
    /// <returns>Null where the recordings are not of one kind, or hold no frame of it.</returns>
    public static async Task<CutFile?> TryCutAsync(IReadOnlyList<CutStretch> stretches, FileFacts facts, PieceDecoder decode, CancellationToken cancellationToken) =>
        stretches[0].File.Format.Codec == AudioCodec.Flac && await FlacExactCut.TryMakeAsync(stretches, facts, decode, cancellationToken) is { } exact
            ? exact
            : TryMake(stretches, facts);

    /// <summary>Of whole frames, or of single samples where they lie as they are.</summary>
    /// <returns>Null where the recordings are not of one kind, or hold no frame of it.</returns>
    public static CutFile? TryMake(IReadOnlyList<CutStretch> stretches, FileFacts facts)
    {
        var found = FramesOf(stretches, CutEdges.AtOrAfter);
        if (found.Count == 0)
        {
            // Shorter than a frame: better too much than nothing. Where there is another stretch, the frame belongs to what lies before.
            found = [.. FramesOf(stretches, CutEdges.Holding).Take(1)];
        }

        if (found.Count == 0 || FrameCut.TryJoin(found.ConvertAll(one => one.Cut)) is not { } joined)
        {
            return null;
        }

        var (begun, _) = found[0];
        var late = joined.FirstSample - stretches[begun].From + stretches.Take(begun).Sum(stretch => Math.Max(0, stretch.To - stretch.From));
        return joined.ToFile(facts with { Start = facts.Start.AddTicks((long)((double)late / joined.Format.SampleRate * TimeSpan.TicksPerSecond)) });
    }

    /// <summary>What there is of each stretch, and which one it is.</summary>
    private static List<(int Stretch, FrameCut Cut)> FramesOf(IReadOnlyList<CutStretch> stretches, CutEdges edges)
    {
        var found = new List<(int Stretch, FrameCut Cut)>(stretches.Count);
        for (var i = 0; i < stretches.Count; i++)
        {
            if (stretches[i].File.TryCut(stretches[i].From, stretches[i].To, edges) is { } cut)
            {
                found.Add((i, cut));
            }
        }

        return found;
    }
}
