using Isr.Audio;

namespace Isr.Recording.Live;

/// <summary>Frames, copied into one buffer that is used again and again, the oldest first. Not for several threads at once.</summary>
internal sealed class FrameQueue
{
    private readonly Queue<Entry> _entries = [];
    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private long _ticks;

    public bool IsEmpty => _entries.Count == 0;

    public int Bytes => _end - _start;

    /// <summary>Of the oldest frame; null when there is none.</summary>
    public AudioFormat? Format => _entries.TryPeek(out var entry) ? entry.Format : null;

    /// <summary>How long they sound.</summary>
    public TimeSpan Duration => new(_ticks);

    /// <param name="frame">Copied.</param>
    /// <param name="isFirst">It is the first of its connection.</param>
    public void Add(in AudioFrame frame, bool isFirst)
    {
        if (_end + frame.Data.Length > _bytes.Length)
        {
            MakeRoom(frame.Data.Length);
        }

        frame.Data.CopyTo(_bytes.AsSpan(_end));
        _end += frame.Data.Length;
        var entry = new Entry(frame.Data.Length, frame.Samples, frame.Format, frame.Unheard, isFirst);
        _entries.Enqueue(entry);
        _ticks += entry.Ticks;
    }

    /// <summary>The oldest frame; it borrows the queue's bytes until something is added.</summary>
    public bool TryTake(out AudioFrame frame, out bool isFirst)
    {
        if (!_entries.TryDequeue(out var entry))
        {
            frame = default;
            isFirst = false;
            return false;
        }

        frame = new AudioFrame(_bytes.AsSpan(_start, entry.Length), entry.Samples, entry.Format, unheard: entry.Unheard);
        isFirst = entry.IsFirst;
        _start += entry.Length;
        _ticks -= entry.Ticks;
        return true;
    }

    /// <summary>Adds to another queue all that is in this one, and keeps it.</summary>
    public void CopyTo(FrameQueue other)
    {
        var at = _start;
        foreach (var entry in _entries)
        {
            other.Add(new AudioFrame(_bytes.AsSpan(at, entry.Length), entry.Samples, entry.Format, unheard: entry.Unheard), entry.IsFirst);
            at += entry.Length;
        }
    }

    public void Clear()
    {
        _entries.Clear();
        (_start, _end, _ticks) = (0, 0, 0);
    }

    /// <summary>Moving all to the front costs as much as what was taken since the last time, so that a byte is moved once or twice.</summary>
    private void MakeRoom(int length)
    {
        var held = _bytes.AsSpan(_start, _end - _start);
        if (2 * (held.Length + length) > _bytes.Length)
        {
            var larger = new byte[3 * (held.Length + length)];
            held.CopyTo(larger);
            _bytes = larger;
        }
        else
        {
            held.CopyTo(_bytes);
        }

        (_start, _end) = (0, held.Length);
    }

    private readonly record struct Entry(int Length, int Samples, AudioFormat Format, int Unheard, bool IsFirst)
    {
        public long Ticks => Samples * TimeSpan.TicksPerSecond / Math.Max(1, Format.SampleRate);
    }
}
