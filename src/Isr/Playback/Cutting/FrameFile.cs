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
        var cuts = new List<FrameCut>(stretches.Count);
        foreach (var (file, from, to) in stretches)
        {
            if (file.TryCut(from, to, CutEdges.AtOrAfter) is { } cut)
            {
                cuts.Add(cut);
            }
        }

        if (cuts.Count == 0 || FrameCut.TryJoin(cuts) is not { } joined)
        {
            return null;
        }

        var late = (double)(joined.FirstSample - stretches[0].From) / joined.Format.SampleRate;
        return joined.ToFile(facts with { Start = facts.Start.AddTicks((long)(late * TimeSpan.TicksPerSecond)) });
    }
}
