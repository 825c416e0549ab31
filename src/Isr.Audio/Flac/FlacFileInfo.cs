using Isr.Audio.Mpeg;

namespace Isr.Audio.Flac;

/// <summary>What a listing wants to know of a finished FLAC file.</summary>
public readonly record struct FlacFileInfo
{
    /// <summary>Bytes of a file, from <see cref="AudioOffset"/>, that always suffice.</summary>
    public static int HeadBytes => FlacMetadata.StartBytes;

    /// <summary>Where the file's own header begins, behind tags of other formats.</summary>
    public long AudioOffset { get; private init; }

    public AudioFormat Format { get; private init; }

    /// <summary>Samples per channel; 0 when the file does not tell.</summary>
    public long Samples { get; private init; }

    /// <summary>
    /// Reads the facts from the first bytes of a file. When a tag reaches beyond them, it is false with
    /// <see cref="AudioOffset"/> set: read there, and call again with what is there.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out FlacFileInfo info)
    {
        long offset = 0;
        while (offset < head.Length && Id3Tag.TryReadLength(head[(int)offset..], out var length))
        {
            offset += length;
        }

        info = new FlacFileInfo { AudioOffset = offset };
        if (offset >= head.Length || !FlacBlock.IsStreamStart(head[(int)offset..]))
        {
            return false;
        }

        var block = head[((int)offset + FlacBlock.Marker.Length + FlacBlock.HeaderBytes)..];
        if (!FlacStreamInfo.TryRead(block, out var stream))
        {
            return false;
        }

        info = info with
        {
            Format = new AudioFormat(AudioCodec.Flac, stream.SampleRate, stream.Channels, stream.BitsPerSample),
            Samples = stream.TotalSamples,
        };
        return true;
    }
}
