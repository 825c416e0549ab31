using Isr.Audio.Adts;

namespace Isr.Audio.Mending;

/// <summary>Mends ADTS files: they are frames and nothing else, so a torn last one is all there can be.</summary>
internal static class AdtsMender
{
    public static MendPlan Plan(ReadAt read, long length, bool isLeftOpen)
    {
        var window = new FileWindow(read, length);
        MpegMender.SkipTags(window, out _);
        var walk = new FrameWalk<AdtsHeader>(window, AdtsHeader.MaxFrameLength);
        AudioFormat format = default;
        var samples = 0L;
        while (walk.TryNext(out var header, out _))
        {
            format = header.Format;
            samples += header.Samples;
        }

        if (walk.End is not { } end)
        {
            return MendPlan.Refused("holds no whole frame of AAC");
        }

        var isCut = walk.EndsInFrame || (isLeftOpen && !walk.EndsInTag);
        return new MendPlan
        {
            Keep = isCut && TrailingTags.Measure(read, length) == 0 ? end : length,
            Samples = samples,
            SampleRate = format.SampleRate,
            Channels = format.Channels,
        };
    }
}
