using Isr.Audio;
using Isr.Codecs;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>A stream's head, and then a part of a file.</summary>
internal sealed class FlacBytes(byte[] head, SafeFileHandle file, long from, long to, Action<long>? read) : IFlacSource
{
    // Small enough for the young heap: every part of a file has one.
    private const int BufferBytes = 64 * 1024;

    private byte[] _buffer = head;
    private int _start;
    private int _end = head.Length;
    private long _position = from;

    public int Read(Span<byte> destination)
    {
        if (_start == _end)
        {
            _buffer = _buffer.Length == BufferBytes ? _buffer : new byte[BufferBytes];
            _end = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, to - _position)), _position);
            _start = 0;
            _position += _end;
            read?.Invoke(_end);
        }

        var count = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}

/// <summary>Frames, one after the other.</summary>
internal interface IFrames
{
    /// <summary>False at the end. The frame is good until the next call.</summary>
    bool TryNext(out AudioFrame frame);
}

/// <summary>A head that is true of the frames of FLAC, and then these, as they come out of an Ogg file or of a piece.</summary>
internal sealed class FlacFrameBytes(byte[] head, IFrames frames) : IFlacSource
{
    private byte[] _pending = head;
    private int _start;
    private int _end = head.Length;

    public int Read(Span<byte> destination)
    {
        if (_start == _end)
        {
            if (!frames.TryNext(out var frame))
            {
                return 0;
            }

            _pending = _pending.Length >= frame.Data.Length ? _pending : new byte[frame.Data.Length];
            frame.Data.CopyTo(_pending);
            (_start, _end) = (0, frame.Data.Length);
        }

        var count = Math.Min(destination.Length, _end - _start);
        _pending.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}

/// <summary>Goes through the frames of a file by a reader.</summary>
internal sealed class FileFrames(IFrameReader reader, SafeFileHandle file, long length, Action<long>? read) : IFrames
{
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private long _position;
    private bool _isFinal;

    /// <summary>Why it cannot be read any further, if so.</summary>
    public string? Refusal => reader.Refusal;

    public bool TryNext(out AudioFrame frame)
    {
        while (true)
        {
            if (reader.TryRead(_buffer.AsSpan(_start, _end - _start), _isFinal, out var consumed, out frame))
            {
                _start += consumed;
                return true;
            }

            _start += consumed;
            if (consumed > 0)
            {
                continue;
            }

            if (_isFinal)
            {
                return false;
            }

            Fill();
        }
    }

    private void Fill()
    {
        _end -= _start;
        var wanted = Math.Max(reader.LookaheadBytes, _end + 1);
        var target = _buffer.Length >= wanted ? _buffer : new byte[Math.Max(wanted, 2 * _buffer.Length)];
        _buffer.AsSpan(_start, _end).CopyTo(target);
        (_buffer, _start) = (target, 0);
        var count = RandomAccess.Read(file, _buffer.AsSpan(_end, (int)Math.Min(_buffer.Length - _end, length - _position)), _position);
        _isFinal = count == 0;
        _end += count;
        _position += count;
        read?.Invoke(count);
    }
}
