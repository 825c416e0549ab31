using Isr.Audio.Mpeg;

namespace Isr.Audio.Flac;

/// <summary>
/// Finds the frames of a native FLAC stream, which has its metadata only where an encoder or a file begins; servers send
/// whoever joins later nothing but frames. A frame is given out when the one behind it has begun.
/// </summary>
public sealed class FlacFrameReader : IFrameReader
{
    // More than a header, a tag's header or the start of a stream need; most frames that are fit for a stream are smaller.
    private const int FewBytes = 8 * 1024;
    private const int Id3HeaderBytes = 10;

    private readonly FlacFrameFinder _finder = new();
    private readonly FlacMetadata _metadata = new();
    private readonly FlacRun _run = new();

    private bool _mayBeTag = true;
    private bool _isNewStream;
    private bool _lacksStreamInfo;
    private int _usualBytes = FewBytes;

    public int LookaheadBytes { get; private set; } = FewBytes;

    public long SkippedBytes { get; private set; }

    public string? Title { get; private set; }

    public string? Refusal =>
        _metadata.IsTooLarge ? "The stream's headers are larger than 4 MiB (a picture?), which is not recorded."
        : _lacksStreamInfo ? "The stream's frames leave the sample rate or size to a header (STREAMINFO) that the server does not send."
        : null;

    public bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out AudioFrame frame)
    {
        consumed = 0;
        frame = default;
        while (true)
        {
            var rest = source[consumed..];
            if (_metadata.IsReading)
            {
                consumed += _metadata.Read(rest);
                if (_metadata.IsReading)
                {
                    consumed = isFinal ? source.Length : consumed;
                    return false;
                }

                continue;
            }

            if (_mayBeTag)
            {
                if (!isFinal && rest.Length < Id3HeaderBytes && rest.StartsWith("ID3"u8[..Math.Min(rest.Length, 3)]))
                {
                    return false;
                }

                _mayBeTag = Id3Tag.TryReadLength(rest, out var tagBytes);
                if (_mayBeTag)
                {
                    _metadata.Skip(tagBytes);
                    continue;
                }
            }

            var found = _finder.Next(rest, isFinal, out var skipped, out var length, out var header);
            SkippedBytes += skipped;
            consumed += skipped;
            rest = rest[skipped..];
            switch (found)
            {
                case FlacFind.Frame when TryTake(rest[..length], header, out frame):
                    consumed += length;
                    return true;
                case FlacFind.Frame:
                    SkippedBytes += length;
                    consumed += length;
                    break;
                case FlacFind.Tag:
                    _mayBeTag = true;
                    break;
                case FlacFind.StreamStart when rest.Length < FlacMetadata.StartBytes && !isFinal:
                    return false;
                case FlacFind.StreamStart when _metadata.TryBegin(rest):
                    consumed += FlacMetadata.StartBytes;
                    _isNewStream = true;
                    break;
                case FlacFind.StreamStart:
                    SkippedBytes += FlacBlock.Marker.Length;
                    consumed += FlacBlock.Marker.Length;
                    break;
                default:
                    // Asked for only as what is there proves too little: a header by chance may announce a large frame.
                    LookaheadBytes = Math.Max(_usualBytes, Math.Min(_finder.NeededBytes, 2 * rest.Length));
                    return false;
            }
        }
    }

    private bool TryTake(ReadOnlySpan<byte> data, scoped in FlacHeader header, out AudioFrame frame)
    {
        frame = default;
        var info = _metadata.StreamInfo;
        var rate = header.SampleRate != 0 ? header.SampleRate : info?.SampleRate;
        var bits = header.BitsPerSample != 0 ? header.BitsPerSample : info?.BitsPerSample;
        if (rate is null || bits is null)
        {
            _lacksStreamInfo = true;
            return false;
        }

        var format = new AudioFormat(AudioCodec.Flac, rate.Value, header.Channels, bits.Value);
        format = _run.Add(header, format, _isNewStream ? _metadata.Blocks : null, out var lost);
        if (_isNewStream)
        {
            Title = _metadata.Title;
            _isNewStream = false;
        }

        // This frame and one that proves it where it is not the expected one.
        _usualBytes = Math.Max(FewBytes, 2 * (header.MaxFrameBytes + FlacHeader.MaxHeaderBytes));
        LookaheadBytes = _usualBytes;
        frame = new AudioFrame(data, header.BlockSize, format, lost, position: new StreamPosition(0, _run.Position));
        return true;
    }
}
