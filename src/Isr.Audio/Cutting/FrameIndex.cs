using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>
/// Where frames lie in a file that does not say it, as far as the file was walked: an entry for each second or so, 16 bytes. It is kept for the next
/// time; a file that has grown is then walked on from its last frame. For one file, from any thread.
/// </summary>
public sealed class FrameIndex
{
    private const int TellingBytes = 16;

    private readonly Lock _gate = new();
    private readonly List<FramePlace> _places = [];
    private readonly byte[] _lastFrame = new byte[TellingBytes];
    private AudioFormat _format;
    private long _lastOffset;
    private long _end;
    private long _samples;
    private bool _isClosed;

    /// <summary>Of all frames that were counted.</summary>
    internal (AudioFormat Format, long Samples) Facts
    {
        get
        {
            lock (_gate)
            {
                return (_format, _samples);
            }
        }
    }

    /// <summary>Walks on to the end; what it walked before is believed if the last frame is still the same.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="start">Where the first frame is.</param>
    /// <param name="maxFrameBytes">No frame is longer.</param>
    internal void Extend<THeader>(ReadAt read, long length, long start, int maxFrameBytes)
        where THeader : struct, IFrameHeader<THeader>
    {
        lock (_gate)
        {
            if (!IsSame(read, start))
            {
                _places.Clear();
                (_format, _samples, _end, _isClosed) = (default, 0, start, false);
            }

            if (_isClosed || length <= _end)
            {
                return;
            }

            var window = new FileWindow(read, length);
            window.Skip(_end);
            var walk = new FrameWalk<THeader>(window, maxFrameBytes);
            while (walk.TryNext(out var header, out var data))
            {
                // The rest is of another kind.
                if (_places.Count > 0 && header.Format != _format)
                {
                    _isClosed = true;
                    break;
                }

                _format = header.Format;
                _end = walk.End!.Value;
                _lastOffset = _end - data.Length;
                _lastFrame.AsSpan().Clear();
                data[..Math.Min(TellingBytes, data.Length)].CopyTo(_lastFrame);
                if (_places.Count == 0 || _samples - _places[^1].Sample >= _format.SampleRate)
                {
                    _places.Add(new FramePlace(_lastOffset, _samples));
                }

                _samples += header.FrameSamples;
            }
        }
    }

    /// <summary>The last entry at or before a sample; the first where there is none.</summary>
    internal FramePlace Find(long sample)
    {
        lock (_gate)
        {
            var (low, high) = (0, _places.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = _places[middle].Sample <= sample ? (middle, high) : (low, middle - 1);
            }

            return _places.Count == 0 ? default : _places[low];
        }
    }

    private bool IsSame(ReadAt read, long start)
    {
        if (_places.Count == 0 || _places[0].Offset < start)
        {
            return false;
        }

        Span<byte> there = stackalloc byte[TellingBytes];
        there.Clear();
        FileWindow.ReadFully(read, _lastOffset, there[..(int)Math.Min(TellingBytes, _end - _lastOffset)]);
        return there.SequenceEqual(_lastFrame);
    }
}

/// <summary>Where a frame begins.</summary>
/// <param name="Offset">In bytes from the start of the file.</param>
/// <param name="Sample">Counted from the first frame.</param>
internal readonly record struct FramePlace(long Offset, long Sample);
