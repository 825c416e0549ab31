using Isr.Audio.Flac;
using Isr.Audio.Ogg;

namespace Isr.Audio.Mending;

/// <summary>Where a page lies on which a packet ends.</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Length">In bytes.</param>
/// <param name="IsOpen">Another packet begins on it that goes on behind it.</param>
internal readonly record struct OggPlace(long Offset, int Length, bool IsOpen);

/// <summary>Takes the pages of an Ogg file and remembers what its end and its headers must say.</summary>
internal sealed class OggRecount
{
    // What a file says of itself stands in the first pages; behind so many bytes only pictures are.
    private const int HeadBytes = 64 * 1024;

    private readonly OggFrameReader _reader = new();
    private int _links;
    private bool _hasOthers;

    public AudioFormat Format { get; private set; }

    /// <summary>Samples per channel that are heard.</summary>
    public long Samples { get; private set; }

    /// <summary>This program wrote the file.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>The last page on which a packet ends.</summary>
    public OggPlace LastEnding { get; private set; }

    /// <summary>The first page, where the file begins with one and holds one logical stream.</summary>
    public byte[]? FirstPage { get => _links == 1 ? field : null; private set; }

    /// <summary>What STREAMINFO must say, in a file of FLAC.</summary>
    public FlacFileCounts? Counts { get; private set; }

    public string? Refusal =>
        _reader.Refusal is not null || _hasOthers ? "holds an Ogg stream that is not recorded here (several at once, or another codec)"
        : Samples == 0 ? "holds no whole page of sound"
        : null;

    public void Add(ReadOnlySpan<byte> bytes, in OggPage page, long offset)
    {
        if (page.Has(OggPageFlags.Begin))
        {
            _links++;
        }
        else
        {
            _hasOthers |= page.Serial != _reader.Serial;
        }

        if (offset == 0)
        {
            FirstPage = bytes.ToArray();
        }

        if (offset < HeadBytes)
        {
            IsOurs |= page.Body.IndexOf("ISR_SOURCE="u8) >= 0;
        }

        if (page.Segments.ContainsAnyExcept((byte)OggPage.FullSegment) || page.Segments.IsEmpty)
        {
            LastEnding = new OggPlace(offset, bytes.Length, !page.Segments.IsEmpty && page.Segments[^1] == OggPage.FullSegment);
        }

        Count(bytes);
    }

    private void Count(ReadOnlySpan<byte> page)
    {
        while (_reader.TryRead(page, isFinal: false, out var consumed, out var frame) || consumed > 0)
        {
            if (!frame.Data.IsEmpty)
            {
                Count(frame);
            }

            page = page[consumed..];
        }
    }

    private void Count(in AudioFrame frame)
    {
        Format = frame.Format;
        Samples += frame.Samples;
        if (frame.Format.Codec == AudioCodec.OggFlac)
        {
            if (Counts is null)
            {
                Counts = new FlacFileCounts(frame.Format);
                Counts.Begin(frame.Samples);
            }

            Counts.Add(frame.Samples, frame.Data.Length);
        }
    }
}
