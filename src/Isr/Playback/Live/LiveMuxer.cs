using System.Buffers;
using System.Buffers.Binary;
using Isr.Audio;
using Isr.Audio.Mp4;
using Isr.Codecs;
using Isr.Recording.Live;

namespace Isr.Playback.Live;

/// <summary>
/// Makes of a source's frames the bytes that one listener gets: MPEG audio and AAC as they are; what needs headers by the muxers that
/// make files, as a file without an end. A new connection or another format goes on where the format knows how to.
/// </summary>
/// <param name="source">The source's name.</param>
/// <param name="format">What the answer is said to be.</param>
/// <param name="time">Says when a part of it begins.</param>
internal sealed class LiveMuxer(string source, LiveFormat format, TimeProvider time) : IDisposable
{
    /// <summary>A decoder of Vorbis or Opus that enters anywhere is shown so much before it is heard.</summary>
    private const double PreparedSeconds = 0.1;

    private const int FlacBlockSizes = 8;
    private const int RiffSize = 4;
    private const int FactFromEnd = 12;
    private const int MostChannelsWithoutFact = 2;

    private IFileMuxer? _muxer;
    private IFileMuxer? _preparing;
    private double _prepared;
    private AudioFormat _format;
    private (bool IsVariable, int Samples) _blocks;

    /// <summary>Adds what a queue holds and empties it. False when the answer ends before the last of it.</summary>
    public bool TryWrite(FrameQueue frames, ArrayBufferWriter<byte> output)
    {
        var goesOn = true;
        while (goesOn && frames.TryTake(out var frame, out var isFirst))
        {
            goesOn = TryWrite(frame, isFirst, output);
        }

        _muxer?.Flush(output);
        frames.Clear();
        return goesOn;
    }

    /// <summary>What ends the last part.</summary>
    public void Finish(ArrayBufferWriter<byte> output)
    {
        if (format == LiveFormat.Ogg)
        {
            _muxer?.Finish(output);
        }
    }

    public void Dispose() => (_muxer as IDisposable)?.Dispose();

    private bool TryWrite(in AudioFrame frame, bool isFirst, ArrayBufferWriter<byte> output)
    {
        if (LiveFormats.Of(frame.Format.Codec, format) != format)
        {
            return false;
        }

        switch (format)
        {
            case LiveFormat.Mpeg or LiveFormat.Adts:
                output.Write(frame.Data);
                return true;
            case LiveFormat.Ogg:
                WriteOgg(frame, isFirst, output);
                return true;
            case LiveFormat.Mp4:
                return TryWriteMp4(frame, output);
            default:
                return TryWriteLossless(frame, output);
        }
    }

    /// <summary>Another stream in Ogg follows on the one before, with its own headers (RFC 3533, section 4).</summary>
    private void WriteOgg(in AudioFrame frame, bool isFirst, ArrayBufferWriter<byte> output)
    {
        if (_muxer is not null && (isFirst || frame.Format != _format))
        {
            _muxer.Finish(output);
            _muxer = null;
            _prepared = PreparedSeconds;
        }

        if (_muxer is null)
        {
            if (_preparing is null || frame.Format != _format)
            {
                (_preparing, _format) = (StreamFormats.CreateMuxer(frame.Format), frame.Format);
            }

            if (frame.Samples == 0 || (_prepared < PreparedSeconds && frame.Format.Codec != AudioCodec.OggFlac))
            {
                _preparing.Observe(frame);
                _prepared += (double)frame.Samples / frame.Format.SampleRate;
                return;
            }

            (_muxer, _preparing) = (_preparing, null);
            _muxer.Begin(new FileFacts(source, time.GetLocalNow()), frame, output);
        }

        _muxer.Write(frame, output);
    }

    /// <summary>The head tells what a decoder must know: another format takes another answer. Links of a chain differ in nothing that it knows.</summary>
    private bool TryWriteMp4(in AudioFrame frame, ArrayBufferWriter<byte> output)
    {
        if (_muxer is null)
        {
            _muxer = frame.Format.Codec == AudioCodec.Pcm ? new FlacInMp4Muxer(frame.Format) : new FragmentedMp4Muxer(frame.Format);
            _format = frame.Format;
            _muxer.Begin(new FileFacts(source, time.GetLocalNow()), frame, output);
        }
        else if (frame.Format != _format && !frame.Format.IsLinkOf(_format))
        {
            return false;
        }

        _muxer.Write(frame, output);
        return true;
    }

    private bool TryWriteLossless(in AudioFrame frame, ArrayBufferWriter<byte> output)
    {
        var isFlac = frame.Format.Codec == AudioCodec.Flac;
        var blocks = isFlac ? ((frame.Data[1] & 1) != 0, frame.Samples) : default;
        if (_muxer is null)
        {
            _muxer = frame.Format.Codec == AudioCodec.Pcm && format == LiveFormat.Flac ? new FlacEncodingMuxer(frame.Format) : StreamFormats.CreateMuxer(frame.Format);
            (_format, _blocks) = (frame.Format, blocks);
            var at = output.WrittenCount;
            _muxer.Begin(new FileFacts(source, time.GetLocalNow()), frame, output);
            MakeEndless(System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory[at..]).Span);
        }
        else if (frame.Format != _format)
        {
            // Frames of FLAC are numbered anew, which takes blocks of one size.
            if (!frame.Format.IsLinkOf(_format) || blocks != _blocks)
            {
                return false;
            }

            _format = frame.Format;
        }

        _muxer.Write(frame, output);
        return true;
    }

    /// <summary>Sizes that say of nothing how long it is.</summary>
    private void MakeEndless(Span<byte> head)
    {
        if (format == LiveFormat.Wav)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head[RiffSize..], uint.MaxValue);
            BinaryPrimitives.WriteUInt32LittleEndian(head[^sizeof(uint)..], uint.MaxValue);
            if (_format.Channels > MostChannelsWithoutFact)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(head[^FactFromEnd..], uint.MaxValue);
            }
        }
        else if (_blocks.IsVariable)
        {
            // The first block is not the largest; 16 is the smallest that there may be (RFC 9639, section 8.2).
            BinaryPrimitives.WriteUInt16BigEndian(head[FlacBlockSizes..], 16);
            BinaryPrimitives.WriteUInt16BigEndian(head[(FlacBlockSizes + sizeof(ushort))..], ushort.MaxValue);
        }
    }
}
