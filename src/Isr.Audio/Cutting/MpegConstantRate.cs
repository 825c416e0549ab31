using Isr.Audio.Mending;
using Isr.Audio.Mpeg;

namespace Isr.Audio.Cutting;

/// <summary>
/// The frames of a file of one bitrate. Their lengths differ by a slot at most, such that on average they have what the bitrate asks for; or, by
/// some encoders, never have it. That a file is such a one shows where frames begin: in one of another kind a frame of that bitrate
/// begins at a calculated place once in a hundred times.
/// </summary>
internal sealed class MpegConstantRate : IFramePlaces
{
    /// <summary>Places that are looked at, the last frame among them.</summary>
    private const int Probes = 12;

    /// <summary>Fewer frames are walked as quickly.</summary>
    private const int LeastFrames = 200;

    private const int Slots = 2;
    private const int HeadersOfChain = 3;

    private readonly ReadAt _read;
    private readonly long _length;
    private readonly MpegHeader _header;
    private readonly long _start;
    private readonly int _leadIn;
    private readonly double _frameBytes;

    private MpegConstantRate(ReadAt read, long length, in MpegHeader header, long start, int leadIn, double frameBytes) =>
        (_read, _length, _header, _start, _leadIn, _frameBytes) = (read, length, header, start, leadIn, frameBytes);

    public long Samples { get; private set; }

    private int SlotBytes => _header.Layer == 1 ? 4 : 1;

    /// <summary>Whether a file is such a one.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="length">Its length.</param>
    /// <param name="start">Where the first frame is, behind the info frame.</param>
    /// <param name="leadIn">Frames there that are repeated of another file, and may be of any bitrate.</param>
    /// <param name="constant">What says where its frames are.</param>
    public static bool TryProve(ReadAt read, long length, long start, int leadIn, out MpegConstantRate? constant)
    {
        constant = null;
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        window.Skip(start);
        var walk = new FrameWalk<MpegHeader>(window, MpegHeader.MaxFrameLength);
        MpegHeader header = default;
        for (var i = 0; i <= leadIn; i++)
        {
            if (!walk.TryNext(out header, out var data))
            {
                return false;
            }

            start = walk.End!.Value - data.Length;
        }

        var slot = header.Layer == 1 ? 4 : 1;
        var shortest = header.FrameLength - (header.HasPadding ? slot : 0);
        var average = header.SamplesPerFrame / 8.0 * header.Bitrate / header.SampleRate;
        foreach (var frameBytes in (ReadOnlySpan<double>)[average, shortest])
        {
            var candidate = new MpegConstantRate(read, length, header, start, leadIn, frameBytes);
            if (candidate.TryProve())
            {
                constant = candidate;
                return true;
            }
        }

        return false;
    }

    public FramePlace Find(long sample)
    {
        var frame = (sample / _header.SamplesPerFrame) - _leadIn;
        if (frame > 0 && TryFindFrame(frame, isLast: false, out var offset))
        {
            return new FramePlace(offset, (frame + _leadIn) * _header.SamplesPerFrame);
        }

        return new FramePlace(_start, (long)_leadIn * _header.SamplesPerFrame);
    }

    private bool TryProve()
    {
        var frames = LastFrame() + 1;
        if (frames < LeastFrames)
        {
            return false;
        }

        for (var i = 1; i <= Probes; i++)
        {
            if (!TryFindFrame((frames - 1) * i / Probes, isLast: i == Probes, out _))
            {
                return false;
            }
        }

        Samples = (frames + _leadIn) * _header.SamplesPerFrame;
        return true;
    }

    /// <summary>The last whole frame; a tag may stand behind it.</summary>
    private long LastFrame()
    {
        var window = new FileWindow(_read, _length, FileWindow.SmallBlockBytes);
        window.Skip(Math.Max(_start, _length - FileWindow.SmallBlockBytes));
        var walk = new FrameWalk<MpegHeader>(window, MpegHeader.MaxFrameLength);
        var last = -1L;
        while (walk.TryNext(out var header, out var data))
        {
            if (IsOurs(header))
            {
                last = walk.End!.Value - data.Length;
            }
        }

        return last < 0 ? -1 : (long)Math.Round((last - _start) / _frameBytes);
    }

    private bool TryFindFrame(long frame, bool isLast, out long offset)
    {
        var around = Slots * SlotBytes;
        var from = Math.Max(_start, _start + (long)(frame * _frameBytes) - around);
        var bytes = new byte[(2 * around) + (HeadersOfChain * (_header.FrameLength + SlotBytes)) + MpegHeader.Size];
        var there = bytes.AsSpan(0, (int)Math.Clamp(_length - from, 0, bytes.Length));
        there = there[..FileWindow.ReadFully(_read, from, there)];
        for (var at = 0; at <= 2 * around && at < there.Length; at++)
        {
            if (IsChain(there[at..], isLast ? 1 : HeadersOfChain))
            {
                offset = from + at;
                return true;
            }
        }

        offset = 0;
        return false;
    }

    private bool IsChain(ReadOnlySpan<byte> source, int wanted)
    {
        for (var i = 0; i < wanted; i++)
        {
            if (!MpegHeader.TryRead(source, out var header) || !IsOurs(header))
            {
                // The frames of the end have no more behind them.
                return i > 0 && source.Length < MpegHeader.Size;
            }

            source = source[Math.Min(source.Length, header.FrameLength)..];
        }

        return true;
    }

    private bool IsOurs(in MpegHeader header) => header.IsConsistentWith(_header) && header.Bitrate == _header.Bitrate;
}
