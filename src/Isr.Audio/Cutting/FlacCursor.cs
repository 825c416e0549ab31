using Isr.Audio.Flac;
using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>Goes along the frames of a FLAC file as long as they follow on one another.</summary>
/// <param name="read">Reads the file.</param>
/// <param name="length">Its length.</param>
/// <param name="format">Of its frames.</param>
/// <param name="frames">Finds them.</param>
/// <param name="at">The first.</param>
/// <param name="origin">The stream's own count at the first frame of the file.</param>
internal sealed class FlacCursor(ReadAt read, long length, AudioFormat format, FlacFrames frames, FramePlace at, long origin) : FrameCursor
{
    private readonly FileWindow _window = At(read, length, at.Offset);
    private readonly FlacFrameFinder _finder = new();
    private long _expected = at.Sample;

    public override bool TryNext(out AudioFrame frame, out long position)
    {
        position = _expected - origin;
        if (!frames.TryNext(_finder, _window, long.MaxValue, out var found, out var data, out var samples) || found.Sample != _expected)
        {
            frame = default;
            return false;
        }

        frame = new AudioFrame(data, samples, format);
        _expected += samples;
        return true;
    }

    private static FileWindow At(ReadAt read, long length, long offset)
    {
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        window.Skip(offset);
        return window;
    }
}
