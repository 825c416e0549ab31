using Isr.Audio.Mending;
using Isr.Audio.Mpeg;

namespace Isr.Audio.Cutting;

/// <summary>
/// An MPEG audio file. At a constant bitrate the place of a frame is calculated; otherwise nothing says where what lies, and the headers are walked once.
/// </summary>
internal sealed class MpegCodedFile : CodedFile
{
    /// <summary>
    /// The main data of a layer III frame and of the one or two that are repeated before it begin up to 511 bytes back. The smallest frames, 24 bytes at
    /// 8 kbit/s and 24 kHz, have 11 for it, and then reach back 255 at most.
    /// </summary>
    private const int FramesBefore = 50;

    /// <summary>The filterbank of layers I and II remembers 480 samples; a file of them cannot have samples dropped.</summary>
    private const int PlainFramesBefore = 2;

    private readonly ReadAt _read;
    private readonly long _length;
    private readonly IFramePlaces _places;
    private readonly int _frameSamples;
    private readonly long _unheard;

    private MpegCodedFile(ReadAt read, long length, IFramePlaces places, in MpegHeader header, long unheard, long samples)
        : base(header.Format, samples) => (_read, _length, _places, _frameSamples, _unheard) = (read, length, places, header.SamplesPerFrame, unheard);

    internal override int OuterLeadIn => Format.Codec == AudioCodec.MpegLayer3 ? 0 : PlainFramesBefore * _frameSamples;

    /// <summary>What is dropped in whole frames is repeated of another file; else the encoder's delay, which nothing can stand without.</summary>
    internal override long Begin => _unheard % _frameSamples == 0 ? 0 : -_unheard;

    public static CodedFile? TryOpen(ReadAt read, long length, FrameIndex index, out string sentence)
    {
        sentence = "";
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        MpegMender.SkipTags(window, out _);
        var walk = new FrameWalk<MpegHeader>(window, MpegHeader.MaxFrameLength);
        if (!walk.TryNext(out var header, out var data))
        {
            return Refuse("It holds no whole frame of MPEG audio.", out sentence);
        }

        var (start, dropped, padding, leadIn) = (walk.End!.Value - data.Length, 0, 0, 0);
        if (MpegInfoFrame.IsInfoFrame(header, data))
        {
            start = walk.End!.Value;
            if (MpegInfoFrame.TryRead(header, data, out var info) && info.Delay is { } delay)
            {
                dropped = delay + MpegInfoFrame.DecoderDelay;
                padding = MpegFileInfo.Dropped(info) - dropped;
                leadIn = dropped / header.SamplesPerFrame;
            }
        }

        IFramePlaces? places = MpegConstantRate.TryProve(read, length, start, leadIn, out var constant) ? constant : WalkedPlaces.TryMake(read, length, start, index);
        if (places is null)
        {
            return Refuse("It holds no whole frame of MPEG audio.", out sentence);
        }

        var heard = places.Samples - dropped - padding;
        return heard > 0
            ? new MpegCodedFile(read, length, places, header, dropped, heard)
            : Refuse("It holds no sound.", out sentence);
    }

    internal override FrameCursor OpenAt(long from, long to)
    {
        var before = Math.Max(0, from + _unheard - ((long)FramesBefore * _frameSamples));
        return new WalkCursor<MpegHeader>(_read, _length, _places.Find(before), _unheard, Format, MpegHeader.MaxFrameLength);
    }

    private sealed class WalkedPlaces(FrameIndex index) : IFramePlaces
    {
        public long Samples => index.Facts.Samples;

        public FramePlace Find(long sample) => index.Find(sample);

        public static WalkedPlaces? TryMake(ReadAt read, long length, long start, FrameIndex index)
        {
            index.Extend<MpegHeader>(read, length, start, MpegHeader.MaxFrameLength);
            return index.Facts.Samples > 0 ? new WalkedPlaces(index) : null;
        }
    }
}

/// <summary>Says where frames lie.</summary>
internal interface IFramePlaces
{
    /// <summary>Of all frames.</summary>
    long Samples { get; }

    /// <summary>A frame that begins at or before a sample, not much earlier.</summary>
    FramePlace Find(long sample);
}
