using System.Buffers;
using System.Diagnostics;
using Isr.Audio.Tags;

namespace Isr.Audio.Flac;

/// <summary>
/// Writes FLAC files. Frames stand alone, so nothing is repeated; but players find their way by the frames' numbers, so
/// these begin with 0 in each file. The header's counts are those of the file as far as it is put out.
/// </summary>
public sealed class FlacFileMuxer(AudioFormat format) : IFileMuxer
{
    // RFC 9639, section 8.2: no smaller size may be announced.
    private const int LeastBlock = 16;

    private bool _isVariable;
    private long _frames;
    private long _samples;
    private int _minBlock;
    private int _maxBlock;
    private int _lastBlock;
    private int _minFrame;
    private int _maxFrame;

    public string Extension => ".flac";

    public int MaxHeaderBytes => FlacMetadata.StartBytes;

    public int PendingSamples => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        _isVariable = FlacHeader.TryRead(first.Data, out var header) && header.IsVariable;
        _frames = 0;
        _samples = 0;
        _minBlock = int.MaxValue;
        _maxBlock = 0;
        _lastBlock = first.Samples;
        _minFrame = int.MaxValue;
        _maxFrame = 0;

        output.Advance(GetHeader(output.GetSpan(MaxHeaderBytes), out _));
        WriteBlocks(facts, output);
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        var isRead = FlacHeader.TryRead(frame.Data, out var header);
        Debug.Assert(isRead, "the reader gives out frames");
        var length = FlacFrame.Write(frame.Data, header, _isVariable ? _samples : _frames, _isVariable, output);

        // The last block may be smaller than the smallest.
        _minBlock = _frames > 0 ? Math.Min(_minBlock, _lastBlock) : _minBlock;
        _maxBlock = Math.Max(_maxBlock, frame.Samples);
        _lastBlock = frame.Samples;
        _minFrame = Math.Min(_minFrame, length);
        _maxFrame = Math.Max(_maxFrame, length);
        _frames++;
        _samples += frame.Samples;
    }

    public void Flush(IBufferWriter<byte> output)
    {
    }

    public void Finish(IBufferWriter<byte> output)
    {
    }

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        FlacBlock.Marker.CopyTo(destination);
        destination = destination[FlacBlock.Marker.Length..];
        new FlacBlock(FlacBlockType.StreamInfo, FlacStreamInfo.Size, IsLast: false).Write(destination);
        new FlacStreamInfo
        {
            MinBlock = Math.Max(LeastBlock, _minBlock == int.MaxValue ? _lastBlock : _minBlock),
            MaxBlock = Math.Max(LeastBlock, _maxBlock == 0 ? _lastBlock : _maxBlock),
            MinFrame = _frames == 0 ? 0 : _minFrame,
            MaxFrame = _maxFrame,
            SampleRate = format.SampleRate,
            Channels = format.Channels,
            BitsPerSample = format.BitsPerSample,
            TotalSamples = _samples,
        }.Write(destination[FlacBlock.HeaderBytes..]);
        return MaxHeaderBytes;
    }

    // The comments come first, whether the stream has some or not: one block of them is allowed, and readers of tags
    // need not go beyond pictures.
    private void WriteBlocks(in FileFacts facts, IBufferWriter<byte> output)
    {
        var others = new List<byte[]>();
        byte[]? comments = null;
        foreach (var block in format.Setup?.Headers ?? [])
        {
            if (FlacBlock.Read(block).Type != FlacBlockType.VorbisComment)
            {
                others.Add(block);
            }
            else
            {
                comments ??= block;
            }
        }

        var body = new ArrayBufferWriter<byte>();
        VorbisComments.Write(facts, comments is null ? [] : comments.AsSpan(FlacBlock.HeaderBytes), body);
        WriteBlock(FlacBlockType.VorbisComment, body.WrittenSpan, isLast: others.Count == 0, output);
        for (var i = 0; i < others.Count; i++)
        {
            WriteBlock(FlacBlock.Read(others[i]).Type, others[i].AsSpan(FlacBlock.HeaderBytes), isLast: i == others.Count - 1, output);
        }
    }

    private static void WriteBlock(FlacBlockType type, ReadOnlySpan<byte> body, bool isLast, IBufferWriter<byte> output)
    {
        new FlacBlock(type, body.Length, isLast).Write(output.GetSpan(FlacBlock.HeaderBytes));
        output.Advance(FlacBlock.HeaderBytes);
        output.Write(body);
    }
}
