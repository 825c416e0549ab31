using Isr.Audio;
using Isr.Audio.Sniffing;
using Isr.Codecs;
using Isr.Interop;

namespace Isr.Analysis.Worker.Samples;

/// <summary>Decodes a piece, in this process or in ffmpeg's.</summary>
internal static class SamplePiece
{
    public const string NoSound = "Nothing in this part of the file could be decoded.";

    /// <summary>Null when samples came, perhaps fewer than were wanted; else why none did.</summary>
    /// <param name="request">What is wanted of it.</param>
    /// <param name="piece">A file that plays alone.</param>
    /// <param name="sink">Takes the samples.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<string?> DecodeAsync(SampleRequest request, ReadOnlyMemory<byte> piece, IPcmSink sink, CancellationToken cancellationToken)
    {
        var stretch = new SampleStretch(request, sink);
        var kind = StreamSniffer.Sniff(piece.Span[..Math.Min(piece.Length, StreamSniffer.MaxBytes)], isFinal: true);
        var sentence = kind switch
        {
            StreamKind.Flac => DecodeFlac(piece, StreamKind.Flac, stretch, cancellationToken),
            StreamKind.Ogg when CodecOf(piece) == AudioCodec.OggFlac => DecodeFlac(piece, StreamKind.Ogg, stretch, cancellationToken),
            StreamKind.Ogg => await FeedAsync("ogg", piece, stretch, cancellationToken),
            StreamKind.MpegAudio => await FeedAsync("mp3", piece, stretch, cancellationToken),
            StreamKind.Adts => await FeedAsync("aac", piece, stretch, cancellationToken),
            _ => NoSound,
        };
        return stretch.HasSamples ? null : stretch.IsOdd ? "The decoder gives another sample rate than the file tells." : sentence ?? NoSound;
    }

    private static string? DecodeFlac(ReadOnlyMemory<byte> piece, StreamKind container, SampleStretch stretch, CancellationToken cancellationToken)
    {
        if (!NativeLibraries.HasFlac)
        {
            return NativeLibraries.FlacSentence + ".";
        }

        if (new PieceFrames(container, piece).TryNext(out var first))
        {
            var head = new FlacStart(0, first.Format with { Setup = null }, first.Samples, 0).MakeHead();
            FlacDecoder.Decode(new FlacFrameBytes(head, new PieceFrames(container, piece)), new FlacStretch(stretch), cancellationToken);
        }

        return null;
    }

    private static async Task<string?> FeedAsync(string demuxer, ReadOnlyMemory<byte> piece, SampleStretch stretch, CancellationToken cancellationToken)
    {
        // What is behind the last sample that is wanted is not waited for.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var words = await FfmpegDecoder.DecodeAsync(demuxer, (input, token) => input.WriteAsync(piece, token).AsTask(), new Limited(stretch, enough), enough.Token);
            return words is null ? null
                : words == FfmpegDecoder.NotInstalled ? "ffmpeg is not installed (package ffmpeg), or not in PATH: MP3, AAC, Vorbis and Opus cannot be decoded without it."
                : $"It cannot be decoded: {words}.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static AudioCodec CodecOf(ReadOnlyMemory<byte> piece) =>
        new PieceFrames(StreamKind.Ogg, piece).TryNext(out var frame) ? frame.Format.Codec : AudioCodec.None;

    private sealed class Limited(SampleStretch stretch, CancellationTokenSource enough) : IPcmSink
    {
        public void Begin(PcmFormat format) => stretch.Begin(format);

        public void Take(ReadOnlySpan<byte> samples)
        {
            if (!stretch.IsOdd)
            {
                stretch.Take(samples);
            }

            if (stretch.IsOdd || stretch.IsFull)
            {
                enough.Cancel();
            }
        }
    }
}
