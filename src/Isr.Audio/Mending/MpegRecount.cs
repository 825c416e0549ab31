using Isr.Audio.Mpeg;

namespace Isr.Audio.Mending;

/// <summary>Counts the frames of an MPEG audio file as <see cref="MpegFileMuxer"/> does while it writes one.</summary>
internal sealed class MpegRecount
{
    private readonly MpegSeekTable _seekTable = new();
    private byte[]? _infoFrame;
    private MpegInfoFrame _info;
    private bool _hasCounts;
    private long _leadIn;
    private long _samples;
    private ushort _musicCrc;
    private int _bitrate;
    private bool _isVariable;

    /// <summary>Frames of the file, those of the lead-in among them.</summary>
    public long Frames { get; private set; }

    public AudioFormat Format { get; private set; }

    /// <summary>Samples per channel that are heard.</summary>
    public long Samples => Math.Max(0, _samples - (_hasCounts ? MpegFileInfo.Dropped(_info) : 0));

    /// <summary>Takes the first frame when it is an Info frame and holds no sound.</summary>
    public bool TryBegin(in MpegHeader header, ReadOnlySpan<byte> frame)
    {
        if (!MpegInfoFrame.IsInfoFrame(header, frame))
        {
            return false;
        }

        _infoFrame = frame.ToArray();
        _hasCounts = MpegInfoFrame.TryRead(header, frame, out _info);
        _leadIn = ((_info.Delay ?? -MpegInfoFrame.DecoderDelay) + MpegInfoFrame.DecoderDelay) / header.SamplesPerFrame;
        return true;
    }

    /// <param name="header">The frame's header.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="offset">Where it lies, from the Info frame on.</param>
    public void Add(in MpegHeader header, ReadOnlySpan<byte> frame, long offset)
    {
        _seekTable.Add(offset);
        _musicCrc = LameCrc.Append(_musicCrc, frame);
        if (Frames >= _leadIn)
        {
            _isVariable |= _bitrate != 0 && _bitrate != header.Bitrate;
            _bitrate = header.Bitrate;
        }

        Frames++;
        _samples += header.SamplesPerFrame;
        Format = header.Format;
    }

    /// <summary>The Info frame that is true for what was counted; null when there is none or it is true already.</summary>
    /// <param name="bytes">Of the frames, the Info frame among them.</param>
    public byte[]? MakeInfoFrame(long bytes)
    {
        if (_infoFrame is null || !_hasCounts || MpegInfoFrame.HeaderFor(_infoFrame, stackalloc byte[MpegHeader.Size]).FrameLength != _infoFrame.Length)
        {
            return null;
        }

        Span<byte> toc = stackalloc byte[MpegInfoFrame.TocEntries];
        _seekTable.FillToc(toc, bytes);
        var frame = new byte[_infoFrame.Length];
        new MpegInfoFrame
        {
            Frames = (uint)Math.Min(Frames, uint.MaxValue),
            Bytes = (uint)Math.Min(bytes, uint.MaxValue),
            IsVariable = _isVariable,
            Delay = _info.Delay,
            Kilobits = _bitrate / 1000,
            MusicCrc = _musicCrc,
        }.Write(_infoFrame, toc, frame);
        return frame.AsSpan().SequenceEqual(_infoFrame) ? null : frame;
    }
}
