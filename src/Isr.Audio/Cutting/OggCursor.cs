using Isr.Audio.Mending;
using Isr.Audio.Ogg;

namespace Isr.Audio.Cutting;

/// <summary>Goes along the packets of an Ogg file, from its start or from a page on.</summary>
internal sealed class OggCursor : FrameCursor
{
    private readonly OggFrameReader _reader = new();
    private readonly FileWindow _window;
    private readonly AudioFormat _format;
    private readonly long _from;
    private readonly long? _origin;
    private ReadOnlyMemory<byte> _head;
    private StreamSetup? _setup;
    private long _position;
    private int _toSkip;

    /// <summary>From the start: samples are counted.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="format">Of the first frames.</param>
    /// <param name="from">Links that end before this sample are passed over.</param>
    public OggCursor(ReadAt read, long length, AudioFormat format, long from)
    {
        _window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        (_format, _from) = (format, from);
    }

    /// <summary>From a page in the middle: pages tell their place.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="format">Of the frames.</param>
    /// <param name="head">The pages of headers, without which no reader begins.</param>
    /// <param name="offset">Where the page is.</param>
    /// <param name="origin">The granule position of the first sample that is heard.</param>
    public OggCursor(ReadAt read, long length, AudioFormat format, ReadOnlyMemory<byte> head, long offset, long origin)
        : this(read, length, format, long.MinValue)
    {
        (_head, _origin) = (head, origin);
        _window.Skip(offset);
    }

    public override bool TryNext(out AudioFrame frame, out long position)
    {
        position = Before;
        if (!TryRead(out frame) || !(frame.Format == _format || frame.Format.IsLinkOf(_format)))
        {
            frame = default;
            return false;
        }

        if (frame.Format.Setup != _setup)
        {
            // What is in one file carries on what is before it in there. A link that is over may be followed by another.
            if (_setup is not null && (_origin is not null || _position > _from))
            {
                frame = default;
                return false;
            }

            _setup = frame.Format.Setup;
        }

        position = _origin is not { } origin ? _position
            : frame is { Position: { } told, Unheard: 0 } ? told.Samples - origin
            : Before;
        _position += frame.Samples;
        return true;
    }

    private bool TryRead(out AudioFrame frame)
    {
        while (true)
        {
            // What was given out the last time lies there until now.
            _window.Skip(_toSkip);
            _toSkip = 0;
            var isHead = !_head.IsEmpty;
            var rest = isHead ? _head.Span : _window.Peek(_reader.LookaheadBytes);
            var isFinal = !isHead && _window.ReachesEnd;
            var isFrame = _reader.TryRead(rest, isFinal, out var consumed, out frame);
            if (isHead)
            {
                _head = isFrame || consumed > 0 ? _head[consumed..] : default;
            }
            else
            {
                _toSkip = consumed;
            }

            if (isFrame)
            {
                return true;
            }

            if (consumed == 0 && isFinal)
            {
                return false;
            }
        }
    }
}
