using System.Text;
using Isr.Audio.Adts;
using Isr.Audio.Mpeg;
using Isr.Audio.Ogg;

namespace Isr.Audio.Sniffing;

/// <summary>
/// Says what the body of an answer is from its first bytes. Servers' <c>Content-Type</c> is often wrong and never says
/// what is inside <c>application/ogg</c>.
/// </summary>
public static class StreamSniffer
{
    /// <summary>With so many bytes it always decides.</summary>
    public const int MaxBytes = 64 * 1024;

    // Text shorter than this may be chance at the start of a stream that is cut anywhere.
    private const int EnoughText = 64;

    public static StreamKind Sniff(ReadOnlySpan<byte> start, bool isFinal)
    {
        isFinal |= start.Length >= MaxBytes;
        if (start.StartsWith("OggS"u8))
        {
            return StreamKind.Ogg;
        }

        if (start.StartsWith("fLaC"u8))
        {
            return StreamKind.Flac;
        }

        var body = start;
        if (Id3Tag.TryReadLength(start, out var tag))
        {
            // A tag with a picture can be larger than all that is looked at; what has one is nearly always MP3.
            if (tag >= start.Length)
            {
                return isFinal ? StreamKind.MpegAudio : default;
            }

            body = start[(int)tag..];
            if (body.StartsWith("fLaC"u8))
            {
                return StreamKind.Flac;
            }
        }

        if (TryFindFrames(body, isFinal, out var kind))
        {
            return kind;
        }

        var text = SniffText(body, isFinal);
        return text != StreamKind.Undecided ? text
            : isFinal ? StreamKind.Nothing
            : default;
    }

    private static bool TryFindFrames(ReadOnlySpan<byte> body, bool isFinal, out StreamKind kind)
    {
        kind = default;
        for (var at = body.IndexOf((byte)0xFF); at >= 0;)
        {
            var rest = body[at..];
            if (FrameChain<MpegHeader>.Begins(rest, isFinal) == ChainVerdict.Yes)
            {
                kind = StreamKind.MpegAudio;
                return true;
            }

            if (FrameChain<AdtsHeader>.Begins(rest, isFinal) == ChainVerdict.Yes)
            {
                kind = StreamKind.Adts;
                return true;
            }

            var next = rest[1..].IndexOf((byte)0xFF);
            at = next < 0 ? -1 : at + 1 + next;
        }

        if (HasOggPage(body))
        {
            // Joined in the middle: the reader says what is missing.
            kind = StreamKind.Ogg;
            return true;
        }

        if (FlacFrames.AreIn(body, isFinal))
        {
            kind = StreamKind.Flac;
            return true;
        }

        // The reader refuses it with a sentence that says more than "nothing known".
        var freeFormat = new MpegFreeFormat();
        freeFormat.Examine(body);
        kind = StreamKind.MpegAudio;
        return freeFormat.IsFound;
    }

    private static bool HasOggPage(ReadOnlySpan<byte> body)
    {
        while (body.IndexOf(OggPage.Magic) is >= 0 and var at)
        {
            if (OggPage.TryRead(body[at..], out _, out _))
            {
                return true;
            }

            body = body[(at + 1)..];
        }

        return false;
    }

    private static StreamKind SniffText(ReadOnlySpan<byte> body, bool isFinal)
    {
        var text = body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || (text.Length < EnoughText && !isFinal) || !IsText(text))
        {
            return StreamKind.Undecided;
        }

        if (text.StartsWith("#EXTM3U"u8))
        {
            return SniffM3u(text, isFinal);
        }

        if (StartsWithIgnoreCase(text, "[playlist]"u8)
            || StartsWithIgnoreCase(text, "http://"u8)
            || StartsWithIgnoreCase(text, "https://"u8))
        {
            return StreamKind.Playlist;
        }

        return text[0] is (byte)'<' or (byte)'{' or (byte)'[' ? StreamKind.Text : StreamKind.Undecided;
    }

    // RFC 8216, section 4.3: one of these tags stands before the first address in any playlist of HLS.
    private static StreamKind SniffM3u(ReadOnlySpan<byte> text, bool isFinal)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            if (line.StartsWith("#EXT-X-TARGETDURATION"u8)
                || line.StartsWith("#EXT-X-STREAM-INF"u8)
                || line.StartsWith("#EXT-X-MEDIA-SEQUENCE"u8))
            {
                return StreamKind.Hls;
            }

            if (end < 0)
            {
                break;
            }

            if (!line.Trim(" \t\r"u8).IsEmpty && line[0] != '#')
            {
                return StreamKind.Playlist;
            }

            text = text[(end + 1)..];
        }

        return isFinal ? StreamKind.Playlist : StreamKind.Undecided;
    }

    // Audio has control characters every few bytes, text none but these.
    private static bool IsText(ReadOnlySpan<byte> source)
    {
        foreach (var value in source)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
