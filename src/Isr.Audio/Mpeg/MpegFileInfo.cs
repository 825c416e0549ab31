namespace Isr.Audio.Mpeg;

/// <summary>What a listing wants to know of a finished MPEG audio file.</summary>
public readonly record struct MpegFileInfo
{
    /// <summary>Bytes of a file, from <see cref="AudioOffset"/>, that always suffice.</summary>
    public static int HeadBytes => MpegHeader.MaxFrameLength;

    /// <summary>Where the first frame is, behind the tags.</summary>
    public long AudioOffset { get; private init; }

    public AudioFormat Format { get; private init; }

    /// <summary>Samples per channel that a player which honours the LAME tag puts out.</summary>
    public long Samples { get; private init; }

    /// <summary>Samples per channel behind those that such a player drops.</summary>
    public int Padding { get; private init; }

    /// <summary>Frames at <see cref="AudioOffset"/> that are none of the stream's own: the info frame and what a file repeats of the one before.</summary>
    public int FramesBeforeAudio { get; private init; }

    /// <summary>The file has no frame count; the samples follow from its size, right if the bitrate is constant.</summary>
    public bool IsEstimate { get; private init; }

    /// <summary>
    /// Reads the facts from the first bytes of a file. When a tag reaches beyond them, it is false with
    /// <see cref="AudioOffset"/> set: read there, and call again with what is there and the length from there.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> head, long fileLength, out MpegFileInfo info)
    {
        long offset = 0;
        while (offset < head.Length && Id3Tag.TryReadLength(head[(int)offset..], out var length))
        {
            offset += length;
        }

        info = new MpegFileInfo { AudioOffset = offset };
        if (offset >= head.Length || offset >= fileLength)
        {
            return false;
        }

        var audio = head[(int)offset..];
        if (!MpegHeader.TryRead(audio, out var header) || header.IsFreeFormat)
        {
            return false;
        }

        info = info with { Format = header.Format };
        if (MpegInfoFrame.TryRead(header, audio[..Math.Min(audio.Length, header.FrameLength)], out var tag))
        {
            info = info with
            {
                Samples = Math.Max(0, (tag.Frames * (long)header.SamplesPerFrame) - Dropped(tag)),
                Padding = Math.Max(0, tag.Padding - MpegInfoFrame.DecoderDelay),
                FramesBeforeAudio = 1 + (tag.Delay is { } delay ? (delay + MpegInfoFrame.DecoderDelay) / header.SamplesPerFrame : 0),
            };
            return true;
        }

        var seconds = (fileLength - offset) * 8 / (double)header.Bitrate;
        info = info with { Samples = (long)(seconds * header.SampleRate), IsEstimate = true };
        return true;
    }

    /// <summary>
    /// Samples that a player drops. The delay of a file that begins with a lead-in of k frames is k frames less the decoder's
    /// own delay, which decoders drop as well; the padding of a foreign file makes up for it at the end.
    /// </summary>
    internal static int Dropped(in MpegInfoFrame tag) => tag.Delay is { } delay
        ? delay + MpegInfoFrame.DecoderDelay + Math.Max(0, tag.Padding - MpegInfoFrame.DecoderDelay)
        : 0;
}
