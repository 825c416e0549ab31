using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>Goes along frames whose headers say how long each is.</summary>
/// <param name="read">Reads the file.</param>
/// <param name="length">Its length.</param>
/// <param name="place">A frame, and how many samples lie before it.</param>
/// <param name="unheard">Samples at the beginning that are not heard.</param>
/// <param name="format">Of the frames; where others begin, it ends.</param>
/// <param name="maxFrameBytes">No frame is longer.</param>
internal sealed class WalkCursor<THeader>(ReadAt read, long length, FramePlace place, long unheard, AudioFormat format, int maxFrameBytes) : FrameCursor
    where THeader : struct, IFrameHeader<THeader>
{
    private readonly FrameWalk<THeader> _walk = new(At(read, length, place.Offset), maxFrameBytes);
    private long _position = place.Sample - unheard;

    public override bool TryNext(out AudioFrame frame, out long position)
    {
        position = _position;
        if (!_walk.TryNext(out var header, out var data) || header.Format != format)
        {
            frame = default;
            return false;
        }

        frame = new AudioFrame(data, header.FrameSamples, format);
        _position += header.FrameSamples;
        return true;
    }

    private static FileWindow At(ReadAt read, long length, long offset)
    {
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        window.Skip(offset);
        return window;
    }
}
