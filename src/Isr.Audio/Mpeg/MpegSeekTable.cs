namespace Isr.Audio.Mpeg;

/// <summary>
/// Where frames begin in a growing file, well enough for a table of contents: every n-th offset, n doubling whenever
/// the fixed room is full.
/// </summary>
internal sealed class MpegSeekTable
{
    private readonly long[] _offsets = new long[256];
    private int _count;
    private long _stride = 1;
    private long _frames;

    public void Clear()
    {
        _count = 0;
        _stride = 1;
        _frames = 0;
    }

    /// <summary>The next frame begins at <paramref name="offsetBytes"/>.</summary>
    public void Add(long offsetBytes)
    {
        if (_frames++ % _stride != 0)
        {
            return;
        }

        if (_count == _offsets.Length)
        {
            for (var i = 0; i < _count / 2; i++)
            {
                _offsets[i] = _offsets[2 * i];
            }

            // The room is even, so this frame is one of those that the doubled stride keeps.
            _count /= 2;
            _stride *= 2;
        }

        _offsets[_count++] = offsetBytes;
    }

    /// <summary>For each percent of the time, the position in 256ths of <paramref name="totalBytes"/>.</summary>
    public void FillToc(Span<byte> toc, long totalBytes)
    {
        for (var i = 0; i < toc.Length; i++)
        {
            var frame = i * _frames / toc.Length;
            toc[i] = (byte)Math.Min(OffsetOf(frame, totalBytes) * 256 / Math.Max(totalBytes, 1), byte.MaxValue);
        }
    }

    private long OffsetOf(long frame, long totalBytes)
    {
        var index = (int)(frame / _stride);
        if (index >= _count)
        {
            return 0;
        }

        var isLast = index + 1 == _count;
        var next = isLast ? totalBytes : _offsets[index + 1];
        var span = isLast ? _frames - (index * _stride) : _stride;
        return _offsets[index] + ((next - _offsets[index]) * (frame - (index * _stride)) / span);
    }
}
