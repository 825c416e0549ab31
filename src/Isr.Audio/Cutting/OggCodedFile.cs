using Isr.Audio.Mending;
using Isr.Audio.Ogg;

namespace Isr.Audio.Cutting;

/// <summary>
/// An Ogg file. Its pages say how many samples end on each, so that a place is found by halving what lies between two known pages; a reader is then
/// shown the headers and goes on there, as if it had joined the stream late. A file of several links has no one count: it is read from its start.
/// </summary>
internal sealed class OggCodedFile : CodedFile
{
    /// <summary>Closer than this it is quicker to read on.</summary>
    private const int NearBytes = 32 * 1024;

    /// <summary>What muxers want to have seen, and packets whose place is not known until their page has ended.</summary>
    private const int SecondsBefore = 2;

    private readonly ReadAt _read;
    private readonly long _length;
    private readonly Timeline? _timeline;

    private OggCodedFile(ReadAt read, long length, AudioFormat format, long samples, Timeline? timeline)
        : base(format, samples) => (_read, _length, _timeline) = (read, length, timeline);

    public static CodedFile? TryOpen(ReadAt read, long length, out string sentence)
    {
        sentence = "";
        var reader = new OggFrameReader();
        if (!TryReadFirst(read, length, reader, out var format, out var audioAt, out var origin))
        {
            return Refuse(reader.Refusal ?? "It holds no packet of audio.", out sentence);
        }

        var pages = new OggPages(read, length, reader.Serial);
        if (!pages.TryFindLast(audioAt, out var last) || last.Sample < origin)
        {
            var cursor = new OggCursor(read, length, format, long.MaxValue);
            var samples = 0L;
            while (cursor.TryNext(out var frame, out _))
            {
                samples += frame.Samples;
            }

            return new OggCodedFile(read, length, format, samples, null);
        }

        var head = new byte[audioAt];
        FileWindow.ReadFully(read, 0, head);
        return new OggCodedFile(read, length, format, last.Sample - origin, new Timeline(pages, head, new FramePlace(audioAt, origin), last, reader.PreSkip));
    }

    internal override FrameCursor OpenAt(long from, long to)
    {
        if (_timeline is { } known && from - known.Hidden - ((long)SecondsBefore * Format.SampleRate) is > 0 and var early)
        {
            var page = PlaceSearch.Find(known.First, known.Last, known.First.Sample + early, NearBytes, known.Pages.TryFindFrom);
            if (page.Offset > known.First.Offset)
            {
                return new OggCursor(_read, _length, Format, known.Head, page.Offset, known.First.Sample);
            }
        }

        return new OggCursor(_read, _length, Format, from);
    }

    /// <summary>
    /// Opus keeps its setup's pre-skip, which is another in each file; Vorbis decodes by its first and third header.
    /// </summary>
    internal override bool IsOneKindWith(CodedFile other) => base.IsOneKindWith(other) && Format.Codec switch
    {
        AudioCodec.Vorbis => IsSame(other, 0) && IsSame(other, 2),
        AudioCodec.Opus => Decoding(this).SequenceEqual(Decoding(other)),
        _ => true,
    };

    private static ReadOnlySpan<byte> Decoding(CodedFile file) => file.Format.Setup!.Headers[0].AsSpan(Opus.OpusMapping.PreSkipOffset + 2 + sizeof(int));

    private bool IsSame(CodedFile other, int header) => Format.Setup!.Headers[header].AsSpan().SequenceEqual(other.Format.Setup!.Headers[header]);

    /// <summary>Reads to the end of the first page of audio, which tells the count that the stream begins with.</summary>
    private static bool TryReadFirst(ReadAt read, long length, OggFrameReader reader, out AudioFormat format, out long audioAt, out long origin)
    {
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        (format, audioAt, origin) = (default, 0, 0);
        while (reader.Refusal is null && window.Peek(OggPage.MaxBytes) is { IsEmpty: false } rest)
        {
            if (!OggPage.TryRead(rest, out var page, out _))
            {
                var next = rest[1..].IndexOf(OggPage.Magic[0]);
                window.Skip(next < 0 ? rest.Length : next + 1);
                continue;
            }

            rest = rest[..page.Length];
            while (reader.TryRead(rest, isFinal: false, out var consumed, out var frame) || consumed > 0)
            {
                format = frame.Data.IsEmpty ? format : frame.Format;
                rest = rest[consumed..];
            }

            if (format.SampleRate > 0)
            {
                (audioAt, origin) = (window.Position, (reader.GranuleBase ?? 0) + reader.PreSkip);
                return true;
            }

            window.Skip(page.Length);
        }

        return false;
    }

    /// <param name="Pages">Finds pages.</param>
    /// <param name="Head">All before the first page of audio.</param>
    /// <param name="First">That page, with the count of the first sample that is heard.</param>
    /// <param name="Last">The last page.</param>
    /// <param name="Hidden">Samples that a reader takes for unheard wherever it begins.</param>
    private sealed record Timeline(OggPages Pages, byte[] Head, FramePlace First, FramePlace Last, int Hidden);
}
