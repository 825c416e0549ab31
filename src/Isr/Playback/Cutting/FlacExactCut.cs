using System.Runtime.InteropServices;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Audio.Pcm;
using Isr.Playback.Samples;

namespace Isr.Playback.Cutting;

/// <summary>
/// Cuts FLAC exactly to the sample. Frames that lie whole within a stretch are copied; of the two that its ends lie in, the samples that belong to it are
/// decoded and stored as they are. Decoded, the file is that stretch and nothing else.
/// </summary>
internal static class FlacExactCut
{
    // RFC 9639, section 8.2: only the last block of a file may be smaller.
    private const int LeastBlock = 16;

    // Two blocks of the largest size, and some: what is decoded at an edge.
    private const int MostEdgeSamples = 3 * ushort.MaxValue;

    /// <summary>The file; null where an edge cannot be decoded, or the stretches are not of one kind of FLAC.</summary>
    /// <param name="stretches">Of each recording in turn, which continue one another, the first sample and the one behind the last.</param>
    /// <param name="facts">What the file says of itself; its start is that of the first stretch.</param>
    /// <param name="decode">Decodes the edges.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<CutFile?> TryMakeAsync(
        IReadOnlyList<CutStretch> stretches, FileFacts facts, PieceDecoder decode, CancellationToken cancellationToken)
    {
        var format = stretches[0].File.Format;
        var parts = new List<FlacExactPart>();
        foreach (var (file, from, end) in stretches)
        {
            var to = Math.Min(end, file.Samples);
            if (file.Format with { Setup = null } != format with { Setup = null } || file.Format.Codec != AudioCodec.Flac)
            {
                return null;
            }

            if (from >= to)
            {
                continue;
            }

            var (first, last) = FramesWithin(file, from, to);
            if (first >= last)
            {
                (first, last) = (to, to);
            }

            if (!await TryAddAsync(parts, file, from, first, decode, cancellationToken))
            {
                return null;
            }

            if (first < last)
            {
                if (file.TryCut(first, last, CutEdges.Inner) is not { } frames)
                {
                    return null;
                }

                parts.Add(new FlacExactPart(frames, default));
            }

            if (!await TryAddAsync(parts, file, last, to, decode, cancellationToken))
            {
                return null;
            }
        }

        return parts.Count == 0 ? null : new FlacExactFile(format, parts, facts);
    }

    /// <summary>From where to where whole frames are copied. What is left at either end is nothing, or a block that may stand anywhere.</summary>
    private static (long First, long Last) FramesWithin(CodedFile file, long from, long to)
    {
        var first = from;
        for (var at = from; FrameAt(file, at) is { } frame && (at > from || frame.First < from); at = first)
        {
            first = frame.First + frame.Samples;
            if (first - from >= LeastBlock || first >= to)
            {
                break;
            }
        }

        var last = to;
        if (FrameAt(file, to - 1) is { } end && end.First + end.Samples > to)
        {
            last = to - end.First >= LeastBlock || end.First <= from ? end.First : FrameAt(file, end.First - 1)?.First ?? from;
        }

        return (first, last);
    }

    /// <summary>The frame that holds a sample.</summary>
    private static (long First, int Samples)? FrameAt(CodedFile file, long sample)
    {
        if (file.TryCut(sample, sample + 1, CutEdges.Outer) is { } cut)
        {
            var frames = cut.Read();
            while (frames.TryNext(out var frame, out var isBefore))
            {
                if (!isBefore)
                {
                    return (cut.FirstSample, frame.Samples);
                }
            }
        }

        return null;
    }

    /// <summary>Decodes what lies before or behind the whole frames.</summary>
    private static async Task<bool> TryAddAsync(List<FlacExactPart> parts, CodedFile file, long from, long to, PieceDecoder decode, CancellationToken cancellationToken)
    {
        if (from == to)
        {
            return true;
        }

        if (to - from > MostEdgeSamples)
        {
            return false;
        }

        using var decoded = new PcmBuffer();
        if (await CodedPiece.DecodeAsync(file, from, (int)(to - from), decoded, decode, cancellationToken) is not null
            || decoded.Count != to - from || decoded.Format.Channels != file.Format.Channels)
        {
            return false;
        }

        parts.Add(new FlacExactPart(null, Widen(decoded, file.Format.BitsPerSample)));
        return true;
    }

    /// <summary>Decoders give samples at the full scale of 16, 24 or 32 bits; the file's own may be fewer.</summary>
    private static int[] Widen(PcmBuffer decoded, int bits)
    {
        if (decoded.Format.Sample == SampleFormat.S16)
        {
            var shorts = MemoryMarshal.Cast<byte, short>(decoded.Samples.Span);
            var widened = new int[shorts.Length];
            for (var i = 0; i < shorts.Length; i++)
            {
                widened[i] = shorts[i] >> (16 - bits);
            }

            return widened;
        }

        var samples = MemoryMarshal.Cast<byte, int>(decoded.Samples.Span).ToArray();
        var shift = (decoded.Format.Sample == SampleFormat.S24 ? 24 : 32) - bits;
        foreach (ref var sample in samples.AsSpan())
        {
            sample >>= shift;
        }

        return samples;
    }
}
