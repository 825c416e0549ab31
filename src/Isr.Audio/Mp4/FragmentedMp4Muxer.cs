using System.Buffers;

namespace Isr.Audio.Mp4;

/// <summary>
/// Frames in MP4 as browsers take them bit by bit (Media Source Extensions): a head without samples, then a fragment for whatever
/// there is at each <see cref="Flush"/> (ISO/IEC 14496-12, section 8.8). It has no end and no length.
/// </summary>
public sealed class FragmentedMp4Muxer(AudioFormat format) : IFileMuxer
{
    private const uint Track = 1;
    private const uint Milliseconds = 1000;
    private const int Undetermined = 0x55C4; // the language "und"
    private const int Enabled = 7;
    private const int OffsetsFromFragment = 0x020000;
    private const int HasOffsetDurationsAndSizes = 0x000301;

    // 1 on the diagonal, in 16.16 and 2.30 bits.
    private static readonly uint[] s_unity = [0x00010000, 0, 0, 0, 0x00010000, 0, 0, 0, 0x40000000];

    private readonly Mp4Boxes _boxes = new();
    private readonly ArrayBufferWriter<byte> _samples = new();
    private readonly List<(int Samples, int Bytes)> _entries = [];
    private uint _fragments;
    private long _time;

    public string Extension => ".mp4";

    public AudioCodec Codec => format.Codec;

    public int PendingSamples { get; private set; }

    public int MaxHeaderBytes => 0;

    /// <summary>Whether a format fits into MP4 so that browsers know it: not Vorbis, not samples as they are, nothing of which the frames do not tell the channels.</summary>
    public static bool Takes(in AudioFormat format) =>
        format.Codec is AudioCodec.MpegLayer3 or AudioCodec.Aac or AudioCodec.Opus or AudioCodec.Flac or AudioCodec.OggFlac && format.Channels > 0;

    /// <summary>The codec's name in a media type (RFC 6381).</summary>
    public static string NameOf(AudioCodec codec) => codec switch
    {
        AudioCodec.MpegLayer3 => "mp3",
        AudioCodec.Aac => "mp4a.40.2",
        AudioCodec.Opus => "opus",
        _ => "flac",
    };

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        (_fragments, _time, PendingSamples) = (0, 0, 0);
        _boxes.Begin("ftyp"u8);
        _boxes.Add("iso6\0\0\0\0iso6mp41"u8);
        _boxes.End();
        _boxes.Begin("moov"u8);
        WriteMovieHeader();
        WriteTrack(first);
        _boxes.Begin("mvex"u8);
        _boxes.Begin("trex"u8, version: 0, flags: 0);
        _boxes.Add32(Track);
        _boxes.Add32(1);
        _boxes.AddZeros(12);
        _boxes.End();
        _boxes.End();
        _boxes.End();
        _boxes.MoveTo(output);
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        var body = Mp4SampleEntry.Body(frame);
        if (body.IsEmpty)
        {
            return;
        }

        _samples.Write(body);
        _entries.Add((frame.Samples + frame.Unheard, body.Length));
        PendingSamples += frame.Samples + frame.Unheard;
    }

    public void Flush(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_entries.Count == 0)
        {
            return;
        }

        _boxes.Begin("moof"u8);
        _boxes.Begin("mfhd"u8, version: 0, flags: 0);
        _boxes.Add32(++_fragments);
        _boxes.End();
        _boxes.Begin("traf"u8);
        _boxes.Begin("tfhd"u8, version: 0, OffsetsFromFragment);
        _boxes.Add32(Track);
        _boxes.End();
        _boxes.Begin("tfdt"u8, version: 1, flags: 0);
        _boxes.Add64(_time);
        _boxes.End();
        _boxes.Begin("trun"u8, version: 0, HasOffsetDurationsAndSizes);
        _boxes.Add32((uint)_entries.Count);
        var offset = _boxes.Length;
        _boxes.Add32(0);
        foreach (var (samples, bytes) in _entries)
        {
            _boxes.Add32((uint)samples);
            _boxes.Add32((uint)bytes);
        }

        _boxes.End();
        _boxes.End();
        _boxes.End();
        _boxes.Begin("mdat"u8);
        _boxes.Set32(offset, (uint)_boxes.Length);
        _boxes.Add(_samples.WrittenSpan);
        _boxes.End();
        _boxes.MoveTo(output);
        _time += PendingSamples;
        PendingSamples = 0;
        _samples.ResetWrittenCount();
        _entries.Clear();
    }

    public void Finish(IBufferWriter<byte> output) => Flush(output);

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        return 0;
    }

    private void WriteMovieHeader()
    {
        _boxes.Begin("mvhd"u8, version: 0, flags: 0);
        _boxes.AddZeros(8);
        _boxes.Add32(Milliseconds);
        _boxes.Add32(0);
        _boxes.Add32(0x00010000); // speed
        _boxes.Add16(0x0100); // volume
        _boxes.AddZeros(10);
        AddMatrix();
        _boxes.AddZeros(24);
        _boxes.Add32(Track + 1);
        _boxes.End();
    }

    private void WriteTrack(in AudioFrame first)
    {
        _boxes.Begin("trak"u8);
        _boxes.Begin("tkhd"u8, version: 0, Enabled);
        _boxes.AddZeros(8);
        _boxes.Add32(Track);
        _boxes.AddZeros(20);
        _boxes.Add16(0x0100); // volume
        _boxes.Add16(0);
        AddMatrix();
        _boxes.AddZeros(8);
        _boxes.End();
        _boxes.Begin("mdia"u8);
        _boxes.Begin("mdhd"u8, version: 0, flags: 0);
        _boxes.AddZeros(8);
        _boxes.Add32((uint)format.SampleRate);
        _boxes.Add32(0);
        _boxes.Add16(Undetermined);
        _boxes.Add16(0);
        _boxes.End();
        _boxes.Begin("hdlr"u8, version: 0, flags: 0);
        _boxes.Add("\0\0\0\0soun\0\0\0\0\0\0\0\0\0\0\0\0\0"u8);
        _boxes.End();
        _boxes.Begin("minf"u8);
        _boxes.Begin("smhd"u8, version: 0, flags: 0);
        _boxes.AddZeros(4);
        _boxes.End();
        _boxes.Begin("dinf"u8);
        _boxes.Begin("dref"u8, version: 0, flags: 0);
        _boxes.Add32(1);
        _boxes.Begin("url "u8, version: 0, flags: 1);
        _boxes.End();
        _boxes.End();
        _boxes.End();
        WriteSampleTable(first);
        _boxes.End();
        _boxes.End();
        _boxes.End();
    }

    /// <summary>All tables but that of the codecs are empty: the fragments have what would be in them.</summary>
    private void WriteSampleTable(in AudioFrame first)
    {
        _boxes.Begin("stbl"u8);
        _boxes.Begin("stsd"u8, version: 0, flags: 0);
        _boxes.Add32(1);
        Mp4SampleEntry.Write(_boxes, format, first.Data);
        _boxes.End();
        AddEmpty("stts"u8, 4);
        AddEmpty("stsc"u8, 4);
        AddEmpty("stsz"u8, 8);
        AddEmpty("stco"u8, 4);
        _boxes.End();
    }

    private void AddEmpty(ReadOnlySpan<byte> type, int bytes)
    {
        _boxes.Begin(type, version: 0, flags: 0);
        _boxes.AddZeros(bytes);
        _boxes.End();
    }

    private void AddMatrix()
    {
        foreach (var value in s_unity)
        {
            _boxes.Add32(value);
        }
    }
}
