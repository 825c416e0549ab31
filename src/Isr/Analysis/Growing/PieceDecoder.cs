using Isr.Audio;
using Isr.Audio.Levels;
using Isr.Codecs;

namespace Isr.Analysis.Growing;

/// <summary>Decodes a recording's frames piece by piece and measures them as if they had come in one.</summary>
internal sealed class PieceDecoder
{
    private readonly AudioFormat _format;
    private readonly Piece _piece;
    private readonly PieceSink _sink;
    private bool _hasFrames;

    public PieceDecoder(AudioFormat format)
    {
        _format = format;
        _piece = format.Codec switch
        {
            AudioCodec.Aac or AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 => new OverlappingPiece(),
            AudioCodec.OggFlac => new MuxedPiece(format with { Codec = AudioCodec.Flac, Setup = null }),
            _ => new MuxedPiece(format),
        };
        _sink = new PieceSink(format.SampleRate);
    }

    /// <summary>Of all pieces so far; null before the first.</summary>
    public RecordingLevels? Levels => _sink.Windows?.ToLevels();

    /// <summary>MPEG and ADTS files are decoded from their first byte: their head says itself what of the lead-in is not to be heard.</summary>
    private bool BeginsRaw => _format.Codec is AudioCodec.Aac or AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3;

    /// <summary>Takes the next frame. False when it is of other audio, or does not follow on the last.</summary>
    public bool Add(in AudioFrame frame)
    {
        if (frame.Format != _format || (frame.Lost is not null && _hasFrames))
        {
            return false;
        }

        _hasFrames = true;
        _piece.Add(frame);
        return true;
    }

    /// <summary>Decodes the frames that were added since the last time. False when not just their samples came of it: then all is to be begun anew.</summary>
    /// <param name="raw">The bytes of the file that they were in.</param>
    /// <param name="cancellationToken">Stops it in the midst of the piece, which is then lost.</param>
    public async Task<bool> DecodeAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellationToken)
    {
        if (_piece.Samples == 0)
        {
            return true;
        }

        var isRaw = _sink.Windows is null && BeginsRaw;
        var bytes = isRaw ? raw : _piece.ToBytes();
        _sink.BeginPiece(isRaw ? 0 : _piece.OverlapSamples, isRaw ? null : _piece.Samples);
        await RunAsync(bytes, cancellationToken);
        _piece.Clear();
        return _sink.EndPiece();
    }

    private Task RunAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_format.Codec is AudioCodec.Flac or AudioCodec.OggFlac)
        {
            return Task.Run(() => FlacDecoder.Decode(new MemorySource(bytes), _sink, cancellationToken), cancellationToken);
        }

        var demuxer = _format.Codec switch
        {
            AudioCodec.Aac => "aac",
            AudioCodec.Vorbis or AudioCodec.Opus => "ogg",
            _ => "mp3",
        };
        return FfmpegDecoder.DecodeAsync(demuxer, (input, token) => input.WriteAsync(bytes, token).AsTask(), _sink, cancellationToken);
    }

    private sealed class MemorySource(ReadOnlyMemory<byte> bytes) : IFlacSource
    {
        private ReadOnlyMemory<byte> _rest = bytes;

        public int Read(Span<byte> destination)
        {
            var count = Math.Min(destination.Length, _rest.Length);
            _rest.Span[..count].CopyTo(destination);
            _rest = _rest[count..];
            return count;
        }
    }
}
