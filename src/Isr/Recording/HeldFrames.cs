using System.Buffers;
using System.Runtime.InteropServices;
using Isr.Audio;
using Isr.Recording.Joining;

namespace Isr.Recording;

/// <summary>
/// The first frames of a connection, kept until it is known when they sounded. At most a minute of audio comes
/// together here, since more than that ahead of real time is no live stream.
/// </summary>
internal sealed class HeldFrames
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<(int Length, int Samples, AudioFormat Format, long? Lost, int Unheard, StreamPosition? Position)> _frames = [];

    public delegate void FrameAction(in AudioFrame frame);

    /// <summary>Their average bit rate, in bits per second; 0 when there are none.</summary>
    public double BitRate
    {
        get
        {
            var seconds = _frames.Sum(f => (double)f.Samples / f.Format.SampleRate);
            return seconds > 0 ? _bytes.WrittenCount * 8 / seconds : 0;
        }
    }

    public AudioFormat Format => _frames.Count > 0 ? _frames[0].Format : default;

    /// <summary>Where the first frame begins by the stream's own count, which may have shown itself only later.</summary>
    public StreamPosition? Start
    {
        get
        {
            var before = 0L;
            foreach (ref readonly var frame in CollectionsMarshal.AsSpan(_frames))
            {
                before += frame.Lost ?? 0;
                if (frame.Position is { } position)
                {
                    return position with { Samples = position.Samples - before };
                }

                before += frame.Samples + frame.Unheard;
            }

            return null;
        }
    }

    public void Add(in AudioFrame frame)
    {
        _bytes.Write(frame.Data);
        _frames.Add((frame.Data.Length, frame.Samples, frame.Format, frame.Lost, frame.Unheard, frame.Position));
    }

    public FramePrint[] ToPrints()
    {
        var prints = new FramePrint[_frames.Count];
        var rest = _bytes.WrittenSpan;
        for (var i = 0; i < prints.Length; i++)
        {
            prints[i] = new FramePrint(FrameHash.Of(rest[.._frames[i].Length]), _frames[i].Samples + _frames[i].Unheard);
            rest = rest[_frames[i].Length..];
        }

        return prints;
    }

    public void ForEach(FrameAction action)
    {
        var rest = _bytes.WrittenSpan;
        foreach (ref readonly var frame in CollectionsMarshal.AsSpan(_frames))
        {
            action(new AudioFrame(rest[..frame.Length], frame.Samples, frame.Format, frame.Lost, frame.Unheard, frame.Position));
            rest = rest[frame.Length..];
        }
    }
}
