namespace Isr.Audio.Ogg;

/// <summary>What a listing wants to know of an Ogg file.</summary>
public readonly record struct OggFileInfo
{
    /// <summary>So many bytes from the end of a file always hold a whole page, if there is one.</summary>
    public static int TailBytes => 2 * OggPage.MaxBytes;

    public AudioFormat Format { get; private init; }

    /// <summary>Samples per channel that are heard.</summary>
    public long Samples { get; private init; }

    /// <summary>
    /// Reads the facts from a file's first and last bytes: where its first page of audio lies, and where its last ends. A
    /// file that was cut out of a stream by others begins at any position. False when the first bytes hold no audio yet, or
    /// the last page is of another stream than the first: then all of it must be read.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, out OggFileInfo info)
    {
        info = default;
        var reader = new OggFrameReader();
        AudioFormat format = default;
        while (reader.TryRead(head, isFinal: false, out var consumed, out var frame) || consumed > 0)
        {
            format = frame.Format.SampleRate > 0 ? frame.Format : format;
            head = head[consumed..];
        }

        if (format.SampleRate == 0 || reader.GranuleBase is not { } first || LastGranule(tail, reader.Serial) is not { } last)
        {
            return false;
        }

        info = new OggFileInfo { Format = format, Samples = Math.Max(0, last - first - reader.PreSkip) };
        return true;
    }

    private static long? LastGranule(ReadOnlySpan<byte> tail, uint serial)
    {
        long? last = null;
        while (tail.IndexOf(OggPage.Magic) is >= 0 and var at)
        {
            tail = tail[at..];
            var isPage = OggPage.TryRead(tail, out var page, out _);
            if (isPage && page.Granule >= 0)
            {
                last = page.Serial == serial ? page.Granule : null;
            }

            tail = tail[(isPage ? page.Length : 1)..];
        }

        return last;
    }
}
