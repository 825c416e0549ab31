using Isr.Audio.Flac;
using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>
/// A FLAC file. Each frame has a number and a checksum, so that a place is found by halving what lies between two known frames; seek tables
/// are not needed, and libFLAC's search, which fails in some valid files, neither.
/// </summary>
internal sealed class FlacCodedFile : CodedFile
{
    /// <summary>Closer than this it is quicker to read on.</summary>
    private const int NearBytes = 48 * 1024;

    private readonly ReadAt _read;
    private readonly long _length;
    private readonly FlacFrames _frames;
    private readonly FramePlace _first;
    private readonly FramePlace _last;

    private FlacCodedFile(ReadAt read, long length, AudioFormat format, FlacFrames frames, FramePlace first, FramePlace last, long samples)
        : base(format, samples) =>
        (_read, _length, _frames, _first, _last) = (read, length, frames, first, last);

    public static CodedFile? TryOpen(ReadAt read, long length, out string sentence)
    {
        sentence = "";
        if (!TryReadFirst(read, length, out var format, out var frames, out var first, out var refusal))
        {
            return Refuse(refusal ?? "It holds no whole frame of FLAC.", out sentence);
        }

        // Where the last frame tells less than the first, or nothing, the frames are not of one stream.
        return frames.TryFindLast(first, out var last, out var end)
            ? new FlacCodedFile(read, length, format, frames, first, last, end - first.Sample)
            : Refuse("Its frames are not numbered as those of one recording are.", out sentence);
    }

    internal override FrameCursor OpenAt(long from, long to)
    {
        var at = PlaceSearch.Find(_first, _last, from + _first.Sample, NearBytes, _frames.TryFindFrom);
        return new FlacCursor(_read, _length, Format, _frames, at, _first.Sample);
    }

    private static bool TryReadFirst(ReadAt read, long length, out AudioFormat format, out FlacFrames frames, out FramePlace first, out string? refusal)
    {
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        var reader = new FlacFrameReader();
        while (true)
        {
            var rest = window.Peek(reader.LookaheadBytes);
            var isFinal = window.ReachesEnd;
            if (reader.TryRead(rest, isFinal, out var consumed, out var frame) && FlacHeader.TryRead(frame.Data, out var header))
            {
                var offset = window.Position + consumed - frame.Data.Length;
                (format, frames, refusal) = (frame.Format, new FlacFrames(read, length, header), null);
                first = new FramePlace(offset, frames.PositionOf(header));
                return true;
            }

            if (reader.Refusal is not null || (consumed == 0 && isFinal))
            {
                (format, frames, first, refusal) = (default, null!, default, reader.Refusal);
                return false;
            }

            window.Skip(consumed);
        }
    }
}
