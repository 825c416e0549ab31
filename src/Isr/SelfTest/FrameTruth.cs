using Isr.Audio;
using Isr.Audio.Mpeg;
using Isr.Audio.Sniffing;
using Isr.Recording.Joining;

namespace Isr.SelfTest;

/// <summary>What a station sent, frame by frame, for recordings of it to be held against.</summary>
internal sealed class FrameTruth(StreamKind kind)
{
    /// <summary>Of a FLAC frame: its number is another in each file, and so is the length of its header and its checksum. What lies between is not.</summary>
    private const int FlacHeadBytes = 16;
    private const int FlacFootBytes = 2;
    private const int FlacTailBytes = 512;

    private readonly Lock _gate = new();
    private readonly IFrameReader _reader = StreamFormats.CreateReader(kind);
    private readonly List<ulong> _frames = [];
    private readonly List<byte> _unread = [];
    private double _seconds;

    /// <summary>Frames that were sent so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count;
            }
        }
    }

    /// <summary>Seconds of one frame, on average.</summary>
    public double SecondsPerFrame
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count == 0 ? 0 : _seconds / _frames.Count;
            }
        }
    }

    /// <summary>Takes what is sent.</summary>
    public void Add(byte[] bytes)
    {
        lock (_gate)
        {
            _unread.AddRange(bytes);
            var all = _unread.ToArray();
            var at = Read(_reader, all, isFinal: false, frame =>
            {
                _frames.Add(KeyOf(frame));
                _seconds += (double)frame.Samples / frame.Format.SampleRate;
            });
            _unread.RemoveRange(0, at);
        }
    }

    /// <summary>Holds files, in the order in which they were recorded, against it.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public FrameCount Compare(IEnumerable<string> files)
    {
        ulong[] truth;
        lock (_gate)
        {
            truth = [.. _frames];
        }

        var places = new Dictionary<ulong, int>();
        for (var i = 0; i < truth.Length; i++)
        {
            places.TryAdd(truth[i], i);
        }

        var (recorded, lost, doubled, foreign, last) = (0, 0, 0, 0, -1);
        foreach (var key in files.SelectMany(KeysOf))
        {
            recorded++;

            // What follows as it should needs no looking for: frames of silence are all alike.
            if (last >= 0 && last + 1 < truth.Length && truth[last + 1] == key)
            {
                last++;
            }
            else if (!places.TryGetValue(key, out var place))
            {
                foreign++;
            }
            else if (place <= last)
            {
                doubled++;
            }
            else
            {
                lost += last < 0 ? 0 : place - last - 1;
                last = place;
            }
        }

        return new FrameCount(recorded, lost, doubled, foreign, last);
    }

    private List<ulong> KeysOf(string path)
    {
        var bytes = File.ReadAllBytes(path);

        // The reader passes over the info frame itself; what is left is what the file repeats of the one before.
        var own = kind == StreamKind.MpegAudio && MpegFileInfo.TryRead(bytes, bytes.Length, out var info) ? info.FramesBeforeAudio - 1 : 0;
        var keys = new List<ulong>();
        Read(StreamFormats.CreateReader(kind), bytes, isFinal: true, frame =>
        {
            if (own-- <= 0)
            {
                keys.Add(KeyOf(frame));
            }
        });
        return keys;
    }

    private static int Read(IFrameReader reader, ReadOnlySpan<byte> bytes, bool isFinal, TakeFrame take)
    {
        var at = 0;
        while (reader.TryRead(bytes[at..], isFinal, out var consumed, out var frame) || consumed > 0)
        {
            at += consumed;
            if (!frame.Data.IsEmpty)
            {
                take(frame);
            }
        }

        return at;
    }

    private ulong KeyOf(AudioFrame frame)
    {
        var data = frame.Data;
        return kind == StreamKind.Flac && data.Length > FlacHeadBytes + FlacFootBytes
            ? FrameHash.Of(data[Math.Max(FlacHeadBytes, data.Length - FlacFootBytes - FlacTailBytes)..^FlacFootBytes])
            : FrameHash.Of(data);
    }

    private delegate void TakeFrame(AudioFrame frame);
}

/// <summary>Recordings held against what was sent.</summary>
/// <param name="Recorded">Frames in the files.</param>
/// <param name="Lost">Frames that were sent between the first and the last of them, and are not there.</param>
/// <param name="Doubled">Frames that are there again.</param>
/// <param name="Foreign">Frames that were never sent.</param>
/// <param name="Last">The number of the last one among those sent; -1 when there is none.</param>
internal readonly record struct FrameCount(int Recorded, int Lost, int Doubled, int Foreign, int Last);
