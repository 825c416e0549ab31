using Isr.Audio;

namespace Isr.Recording.Disk;

/// <summary>
/// The frames of a source that the disk has not taken yet, and about a second before them. Should their file fail,
/// they go into another one: what a muxer made of them for the first file fits no other. For the source's task.
/// </summary>
/// <typeparam name="TFile">What knows which file a frame was meant for.</typeparam>
internal sealed class UnwrittenFrames<TFile>(DiskBudget budget)
    where TFile : class
{
    /// <summary>More than what a new file may have to repeat: 320 ms for Opus.</summary>
    private const double ContextSeconds = 1;

    private const int LeastBytes = 32 * 1024;

    private readonly List<Entry> _entries = [];
    private byte[] _bytes = [];
    private int _length;
    private int _context;
    private double _contextSeconds;
    private int _droppable;
    private int _connection;

    /// <summary>How many there are, those before the unwritten ones included.</summary>
    public int Count => _entries.Count;

    /// <summary>How long they are together.</summary>
    public int Bytes => _length;

    /// <summary>The file of the first frame that was not written when <see cref="Trim"/> last looked; null when all were.</summary>
    public TFile? FirstUnwritten => _context < _entries.Count ? _entries[_context].File : null;

    /// <summary>A new connection: nothing before it prepares a decoder for what comes.</summary>
    public void Break() => _connection++;

    /// <param name="frame">The frame.</param>
    /// <param name="file">Where it was written to; null when there was no file.</param>
    /// <param name="end">Samples of that file when it has the frame.</param>
    public void Add(in AudioFrame frame, TFile? file, long end)
    {
        if (!TryMakeRoom(frame.Data.Length))
        {
            // The memory is needed for what waits: these frames cannot be kept twice.
            Clear();
            return;
        }

        frame.Data.CopyTo(_bytes.AsSpan(_length));
        _entries.Add(new Entry(_length, frame.Data.Length, frame.Samples, frame.Unheard, frame.Format, file, end, _connection));
        _length += frame.Data.Length;
    }

    /// <summary>The frame with a number; the bytes are valid until the next <see cref="Add"/>.</summary>
    public AudioFrame FrameAt(int index)
    {
        var entry = _entries[index];
        return new AudioFrame(_bytes.AsSpan(entry.Offset, entry.Length), entry.Samples, entry.Format, null, entry.Unheard);
    }

    public TFile? FileAt(int index) => _entries[index].File;

    public long EndAt(int index) => _entries[index].End;

    /// <summary>Samples of its file before the frame.</summary>
    public long StartAt(int index) => _entries[index].End - _entries[index].Samples;

    /// <summary>The frame has gone into another file.</summary>
    public void Move(int index, TFile file, long end) => _entries[index] = _entries[index] with { File = file, End = end };

    /// <summary>
    /// Takes off a frame of PCM what its file has of it, when so many samples are written there: an encoder's blocks end
    /// inside frames. No other frame can be divided, nor is one ever written in part.
    /// </summary>
    public void CutTo(int index, long written)
    {
        var entry = _entries[index];
        var had = (int)(written - (entry.End - entry.Samples));
        if (had > 0 && entry.Format.Codec == AudioCodec.Pcm)
        {
            var bytes = had * (entry.Length / entry.Samples);
            _entries[index] = entry with { Offset = entry.Offset + bytes, Length = entry.Length - bytes, Samples = entry.Samples - had };
        }
    }

    /// <summary>Whether a decoder that has the one frame is prepared for the other.</summary>
    public bool AreJoined(int index, int other) =>
        _entries[index].Connection == _entries[other].Connection && _entries[index].Format == _entries[other].Format;

    /// <summary>Lets go of what has been written.</summary>
    /// <param name="written">How many samples of a file have been.</param>
    public void Trim(Func<TFile, long> written)
    {
        TFile? file = null;
        var samples = 0L;
        for (; _context < _entries.Count; _context++)
        {
            var entry = _entries[_context];
            if (entry.File is { } its)
            {
                if (its != file)
                {
                    (file, samples) = (its, written(its));
                }

                if (entry.End > samples)
                {
                    break;
                }
            }

            _contextSeconds += entry.Seconds;
        }

        while (_droppable < _context && _contextSeconds - _entries[_droppable].Seconds > ContextSeconds)
        {
            _contextSeconds -= _entries[_droppable++].Seconds;
        }

        // Moved to the front seldom enough to cost nothing.
        if (_droppable > _entries.Count / 2)
        {
            Compact();
        }
    }

    /// <summary>Nothing of it can be saved any more: it counts as written.</summary>
    public void GiveUp() => Trim(static _ => long.MaxValue);

    private void Compact()
    {
        var from = _droppable < _entries.Count ? _entries[_droppable].Offset : _length;
        var kept = _bytes.AsSpan(from, _length - from);
        if (_bytes.Length > LeastBytes && kept.Length < _bytes.Length / 8)
        {
            // What a disk that hung made it take is given back.
            var smaller = new byte[Math.Max(LeastBytes, _bytes.Length / 4)];
            kept.CopyTo(smaller);
            budget.Give(_bytes.Length - smaller.Length);
            _bytes = smaller;
        }
        else
        {
            kept.CopyTo(_bytes);
        }

        _length -= from;
        _entries.RemoveRange(0, _droppable);
        _context -= _droppable;
        _droppable = 0;
        for (var i = 0; i < _entries.Count; i++)
        {
            _entries[i] = _entries[i] with { Offset = _entries[i].Offset - from };
        }
    }

    private bool TryMakeRoom(int count)
    {
        if (_length + count <= _bytes.Length)
        {
            return true;
        }

        var size = Math.Max(Math.Max(LeastBytes, 2 * _bytes.Length), _length + count);
        if (!budget.TryTake(size - _bytes.Length))
        {
            return false;
        }

        Array.Resize(ref _bytes, size);
        return true;
    }

    private void Clear()
    {
        budget.Give(_bytes.Length);
        _entries.Clear();
        (_bytes, _length, _context, _contextSeconds, _droppable) = ([], 0, 0, 0, 0);
    }

    private readonly record struct Entry(int Offset, int Length, int Samples, int Unheard, AudioFormat Format, TFile? File, long End, int Connection)
    {
        public double Seconds => (double)Samples / Format.SampleRate;
    }
}
