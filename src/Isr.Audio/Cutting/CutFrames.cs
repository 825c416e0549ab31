namespace Isr.Audio.Cutting;

/// <summary>Reads the frames of a <see cref="FrameCut"/>, and those before it that a muxer must have seen.</summary>
public sealed class CutFrames
{
    private readonly IReadOnlyList<CutPart> _parts;
    private FrameCursor? _cursor;
    private int _part;

    internal CutFrames(IReadOnlyList<CutPart> parts) => _parts = parts;

    /// <summary>The next frame, which is good until the next call.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="isBefore">It is none of the cut's: a muxer observes it.</param>
    public bool TryNext(out AudioFrame frame, out bool isBefore)
    {
        for (; _part < _parts.Count; _part++, _cursor = null)
        {
            var part = _parts[_part];
            _cursor ??= part.File.OpenAt(part.First, part.To);
            while (_cursor.TryNext(out frame, out var position))
            {
                isBefore = position < part.First || frame.Samples == 0;
                if (!isBefore && (position >= part.To || position + frame.Samples > part.End))
                {
                    break;
                }

                // A file repeats at its head what the one before it ends with.
                if (!isBefore || _part == 0)
                {
                    return true;
                }
            }
        }

        frame = default;
        isBefore = false;
        return false;
    }
}
