using System.Buffers;

namespace Isr.Audio.Mpeg;

/// <summary>
/// Writes MPEG audio files. Layer III frames borrow bits from the frames before them, so a plain cut damages the
/// first frames of a file. Here a file begins with what a decoder must have seen of the one before
/// (<see cref="MpegLeadIn"/>) and says in its LAME tag how many samples of it to drop: players that honour it (all that play without gaps) put out exactly the samples of the uncut
/// stream. Whoever counts samples takes <see cref="MpegFileInfo"/>. Layers I and II borrow nothing and are cut plainly.
/// </summary>
public sealed class MpegFileMuxer(AudioFormat format) : IFileMuxer
{
    private static readonly int MaxInfoFrame = LongestInfoFrame();

    private readonly bool _isLayer3 = format.Codec == AudioCodec.MpegLayer3;
    private readonly MpegLeadIn _leadIn = new(isLsf: format.SampleRate < 32000);
    private readonly MpegSeekTable _seekTable = new();
    private readonly byte[] _firstHeader = new byte[MpegHeader.Size];

    private int _infoFrameOffset;
    private int _infoFrameLength;
    private int? _delay;
    private long _frames;
    private long _bytes;
    private int _bitrate;
    private bool _isVariable;
    private ushort _musicCrc;

    public string Extension => ".mp3";

    public AudioCodec Codec => format.Codec;

    public int MaxHeaderBytes => _isLayer3 ? MaxInfoFrame : 0;

    public int PendingSamples => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        _infoFrameOffset = Id3Tag.Write(facts, output);
        if (!_isLayer3)
        {
            return;
        }

        var leadIn = _leadIn.Prepare(first.Data);
        _delay = leadIn == 0 ? null : (leadIn * first.Samples) - MpegInfoFrame.DecoderDelay;
        _seekTable.Clear();
        _frames = 0;
        _musicCrc = 0;
        first.Data[..MpegHeader.Size].CopyTo(_firstHeader);
        _infoFrameLength = MpegInfoFrame.HeaderFor(_firstHeader, stackalloc byte[MpegHeader.Size]).FrameLength;
        _bytes = _infoFrameLength;

        // The info frame counts the lead-in, so that is counted before it is written.
        for (var i = 0; i < leadIn; i++)
        {
            Count(_leadIn.Frame(i));
        }

        // The carrier's bitrate says nothing of the stream's.
        _bitrate = 0;
        _isVariable = false;

        output.Advance(GetHeader(output.GetSpan(MaxInfoFrame), out _));
        for (var i = 0; i < leadIn; i++)
        {
            output.Write(_leadIn.Frame(i));
        }
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        output.Write(frame.Data);
        if (_isLayer3)
        {
            Count(frame.Data);
            _leadIn.Add(frame.Data);
        }
    }

    public void Flush(IBufferWriter<byte> output)
    {
    }

    public void Finish(IBufferWriter<byte> output)
    {
    }

    public void Observe(in AudioFrame frame)
    {
        if (_isLayer3)
        {
            _leadIn.Add(frame.Data);
        }
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = _infoFrameOffset;
        if (!_isLayer3)
        {
            return 0;
        }

        Span<byte> toc = stackalloc byte[MpegInfoFrame.TocEntries];
        _seekTable.FillToc(toc, _bytes);
        var info = new MpegInfoFrame
        {
            Frames = (uint)Math.Min(_frames, uint.MaxValue),
            Bytes = (uint)Math.Min(_bytes, uint.MaxValue),
            IsVariable = _isVariable,
            Delay = _delay,
            Kilobits = _bitrate / 1000,
            MusicCrc = _musicCrc,
        };
        return info.Write(_firstHeader, toc, destination);
    }

    private void Count(ReadOnlySpan<byte> frame)
    {
        if (MpegHeader.TryRead(frame, out var header))
        {
            _isVariable |= _bitrate != 0 && _bitrate != header.Bitrate;
            _bitrate = header.Bitrate;
        }

        _seekTable.Add(_bytes);
        _frames++;
        _bytes += frame.Length;
        _musicCrc = LameCrc.Append(_musicCrc, frame);
    }

    // 128 kbit/s at 32 kHz, 64 kbit/s at 8 kHz.
    private static int LongestInfoFrame()
    {
        var longest = 0;
        Span<byte> header = stackalloc byte[MpegHeader.Size];
        foreach (var version in (ReadOnlySpan<byte>)[0xFB, 0xF3, 0xE3])
        {
            for (var rate = 0; rate < 3; rate++)
            {
                ReadOnlySpan<byte> first = [0xFF, version, (byte)(0x10 | (rate << 2)), 0];
                longest = Math.Max(longest, MpegInfoFrame.HeaderFor(first, header).FrameLength);
            }
        }

        return longest;
    }
}
