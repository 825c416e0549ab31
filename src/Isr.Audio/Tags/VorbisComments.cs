using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Isr.Audio.Tags;

/// <summary>
/// The tags of Vorbis, Opus and FLAC (https://www.xiph.org/vorbis/doc/v-comment.html): a vendor and comments of the
/// form NAME=value, each with its length before it, all little-endian. What stands around them differs and is not dealt
/// with here: a packet header, Vorbis's framing bit, FLAC's block header.
/// </summary>
internal static class VorbisComments
{
    /// <summary>More than a file's own comments take, for who makes room.</summary>
    public const int OwnBytes = 1024;

    private const int LengthBytes = 4;

    private const int MaxTitleChars = 1000;

    // UTF-8 has at most four bytes a character, so that no more of a value than this is ever decoded.
    private const int MaxValueBytes = 4 * MaxTitleChars;

    /// <summary>
    /// Writes <paramref name="original"/>, or an empty body where it is malformed, with the file's source and start in
    /// place of those that an isr before this one wrote.
    /// </summary>
    /// <param name="facts">What the file's own comments say.</param>
    /// <param name="original">The stream's comments; empty without.</param>
    /// <param name="output">Takes the body.</param>
    /// <param name="timeReference">As <see cref="FileFacts.TimeReference"/> tells it, where it is exact to the sample.</param>
    public static void Write(in FileFacts facts, ReadOnlySpan<byte> original, IBufferWriter<byte> output, long? timeReference = null)
    {
        var kept = 0;
        var comments = new Reader(original);
        while (comments.TryRead(out var comment))
        {
            kept += IsOurs(comment) ? 0 : 1;
        }

        var isSound = comments.IsComplete;
        WriteBytes(isSound ? comments.Vendor : "isr"u8, output);
        WriteLength((isSound ? kept : 0) + (timeReference is null ? 2 : 3), output);
        if (isSound)
        {
            comments = new Reader(original);
            while (comments.TryRead(out var comment))
            {
                if (!IsOurs(comment))
                {
                    WriteBytes(comment, output);
                }
            }
        }

        var start = facts.Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        WriteBytes(Encoding.UTF8.GetBytes($"ISR_SOURCE={facts.ShortSource}"), output);
        WriteBytes(Encoding.UTF8.GetBytes($"ISR_START={start}"), output);
        if (timeReference is { } samples)
        {
            WriteBytes(Encoding.UTF8.GetBytes($"TIME_REFERENCE={samples}"), output);
        }
    }

    /// <summary>"ARTIST - TITLE", or the title alone; null when there is none.</summary>
    public static string? ReadTitle(ReadOnlySpan<byte> body)
    {
        string? artist = null;
        string? title = null;
        var comments = new Reader(body);
        while ((artist is null || title is null) && comments.TryRead(out var comment))
        {
            artist ??= ReadValue(comment, "ARTIST="u8);
            title ??= ReadValue(comment, "TITLE="u8);
        }

        if (string.IsNullOrEmpty(title))
        {
            return null;
        }

        var both = string.IsNullOrEmpty(artist) ? title : $"{artist} - {title}";
        return both.Length > MaxTitleChars ? both[..MaxTitleChars].Trim() : both;
    }

    // A time reference is that of the file with which the stream was made, whoever wrote it.
    private static bool IsOurs(ReadOnlySpan<byte> comment) =>
        StartsWithIgnoreCase(comment, "ISR_"u8) || StartsWithIgnoreCase(comment, "TIME_REFERENCE="u8);

    private static string? ReadValue(ReadOnlySpan<byte> comment, ReadOnlySpan<byte> nameAndSign)
    {
        if (!StartsWithIgnoreCase(comment, nameAndSign))
        {
            return null;
        }

        var value = comment[nameAndSign.Length..];
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxValueBytes)]);
        return string.Create(text.Length, text, static (chars, text) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        }).Trim();
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> comment, ReadOnlySpan<byte> prefix) =>
        comment.Length >= prefix.Length && Ascii.EqualsIgnoreCase(comment[..prefix.Length], prefix);

    private static void WriteBytes(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        WriteLength(bytes.Length, output);
        output.Write(bytes);
    }

    private static void WriteLength(int length, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(LengthBytes), length);
        output.Advance(LengthBytes);
    }

    /// <summary>Goes along the comments as far as they are there.</summary>
    private ref struct Reader
    {
        private readonly bool _hasCount;
        private ReadOnlySpan<byte> _rest;
        private uint _left;

        public Reader(ReadOnlySpan<byte> body)
        {
            _rest = body;
            if (TryTake(out var vendor) && _rest.Length >= LengthBytes)
            {
                Vendor = vendor;
                _hasCount = true;
                _left = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                _rest = _rest[LengthBytes..];
            }
        }

        public ReadOnlySpan<byte> Vendor { get; }

        /// <summary>All that was announced was there.</summary>
        public readonly bool IsComplete => _hasCount && _left == 0;

        public bool TryRead(out ReadOnlySpan<byte> comment)
        {
            comment = default;
            if (_left == 0 || !TryTake(out comment))
            {
                return false;
            }

            _left--;
            return true;
        }

        private bool TryTake(out ReadOnlySpan<byte> bytes)
        {
            bytes = default;
            if (_rest.Length < LengthBytes)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
            if (length > _rest.Length - LengthBytes)
            {
                return false;
            }

            bytes = _rest.Slice(LengthBytes, (int)length);
            _rest = _rest[(LengthBytes + (int)length)..];
            return true;
        }
    }
}
