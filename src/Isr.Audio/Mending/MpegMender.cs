using Isr.Audio.Mpeg;

namespace Isr.Audio.Mending;

/// <summary>
/// Mends MPEG audio files: a torn last frame goes, and the Info frame of a file that <see cref="MpegFileMuxer"/> wrote
/// counts what is there. The Info frames of others are left alone.
/// </summary>
internal static class MpegMender
{
    // Larger tags are not ours.
    private const int MostOfTag = 4096;

    public static MendPlan Plan(ReadAt read, long length, bool isLeftOpen)
    {
        var window = new FileWindow(read, length);
        SkipTags(window, out var isOurs);
        var start = window.Position;
        var walk = new FrameWalk<MpegHeader>(window, MpegHeader.MaxFrameLength);
        var count = new MpegRecount();
        while (walk.TryNext(out var header, out var data))
        {
            var at = walk.End!.Value - data.Length;
            if (at != start || !count.TryBegin(header, data))
            {
                count.Add(header, data, at - start);
            }
        }

        if (walk.End is not { } end || count.Frames == 0)
        {
            return MendPlan.Refused("holds no whole frame of MPEG audio");
        }

        var isCut = walk.EndsInFrame || ((isOurs || isLeftOpen) && !walk.EndsInTag);
        var patch = isOurs ? count.MakeInfoFrame(end - start) : null;
        return new MendPlan
        {
            Keep = isCut && TrailingTags.Measure(read, length) == 0 ? end : length,
            Patches = patch is null ? [] : [new MendPatch(start, patch)],
            Samples = count.Samples,
            SampleRate = count.Format.SampleRate,
            Channels = count.Format.Channels,
        };
    }

    /// <summary>Goes past the tags at the head of a file; says whether one of them is this program's.</summary>
    public static void SkipTags(FileWindow window, out bool isOurs)
    {
        isOurs = false;
        while (Id3Tag.TryReadLength(window.Peek(Id3Tag.HeaderBytes), out var length))
        {
            isOurs |= length <= MostOfTag && window.Peek((int)length) is var tag && tag.Length >= length && Id3Tag.IsOurs(tag[..(int)length]);
            window.Skip(length);
        }
    }
}
