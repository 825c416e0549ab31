namespace Isr.Audio.Cutting;

/// <summary>Frames that were found and not yet read: those of a stretch of a file, or of several files that continue one another.</summary>
public sealed class FrameCut
{
    private FrameCut(IReadOnlyList<CutPart> parts) => Parts = parts;

    public AudioFormat Format => Parts[0].File.Format;

    /// <summary>The first sample of the first frame, in the first file; below 0 where players drop some of it.</summary>
    public long FirstSample => Parts[0].First;

    internal IReadOnlyList<CutPart> Parts { get; }

    /// <summary>Joins stretches in their order; null where one is of other audio than the first.</summary>
    public static FrameCut? TryJoin(IReadOnlyList<FrameCut> cuts)
    {
        ArgumentNullException.ThrowIfNull(cuts);

        var parts = cuts.SelectMany(cut => cut.Parts).ToList();
        return parts.TrueForAll(part => part.File.IsOneKindWith(parts[0].File)) ? new FrameCut(parts) : null;
    }

    /// <summary>Reads the frames, once.</summary>
    public CutFrames Read() => new(Parts);

    /// <summary>
    /// The file that plays alone, as a split would have made it. Frames stay as they are, but for their numbers.
    /// </summary>
    /// <param name="facts">What it says of itself.</param>
    public CutFile ToFile(FileFacts facts) => Format.Codec == AudioCodec.Pcm ? new WavCutFile(this, facts) : new MuxedCutFile(this, facts);

    internal static FrameCut? TryFind(CodedFile file, long from, long to, CutEdges edges)
    {
        to = Math.Min(to, file.Samples);
        if (to <= from)
        {
            return null;
        }

        if (file.Format.Codec == AudioCodec.Pcm)
        {
            return new FrameCut([new CutPart(file, Math.Max(0, from), to, to)]);
        }

        from = edges == CutEdges.Outer ? from - file.OuterLeadIn : from;
        from = from <= 0 ? file.Begin : from;
        var cursor = file.OpenAt(from, to);
        while (cursor.TryNext(out var frame, out var position))
        {
            if (frame.Samples == 0 || position == FrameCursor.Before || position + frame.Samples <= from)
            {
                continue;
            }

            if (edges == CutEdges.Holding)
            {
                return position < to ? new FrameCut([new CutPart(file, position, position + 1, long.MaxValue)]) : null;
            }

            // What players drop of a file's first frames cannot be cut away.
            if (position < from && from > 0 && edges != CutEdges.Outer)
            {
                continue;
            }

            var end = edges == CutEdges.Inner ? to : long.MaxValue;
            return position < to && position + frame.Samples <= end ? new FrameCut([new CutPart(file, position, to, end)]) : null;
        }

        return null;
    }
}

/// <summary>Frames of one file.</summary>
/// <param name="File">The file.</param>
/// <param name="First">Where the first begins.</param>
/// <param name="To">The last begins before.</param>
/// <param name="End">The last ends here or before.</param>
internal readonly record struct CutPart(CodedFile File, long First, long To, long End);
