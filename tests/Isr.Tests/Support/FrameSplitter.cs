namespace Isr.Tests.Support;

/// <summary>
/// Cuts well-formed MP3 and AAC files into frames, strictly: anything between frames is an error. Written
/// apart from the program's own readers, as their judge.
/// </summary>
internal static class FrameSplitter
{
    private static readonly int[] s_layer3Version1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] s_layer3Version2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] s_version1Rates = [44100, 48000, 32000];

    /// <summary>
    /// The audio frames of an MP3 file; an ID3v2 tag, an Info or Xing frame, an ID3v1 tag are left out.
    /// A cut-off last frame is an error unless <paramref name="allowCutEnd"/>.
    /// </summary>
    public static List<ReadOnlyMemory<byte>> Mp3(ReadOnlyMemory<byte> file, bool allowCutEnd = false)
    {
        var at = Id3v2Length(file.Span);
        var end = file.Length >= 128 && file.Span[^128..].StartsWith("TAG"u8) ? file.Length - 128 : file.Length;
        var frames = Cut(file[..end], at, Mp3FrameLength, allowCutEnd);
        if (frames.Count > 0 && IsInfoFrame(frames[0].Span))
        {
            frames.RemoveAt(0);
        }

        return frames;
    }

    /// <summary>
    /// The frames of an MP3 file that are its own: the LAME tag's delay tells how many frames at the start only
    /// repeat the file before.
    /// </summary>
    public static List<ReadOnlyMemory<byte>> Mp3WithoutLeadIn(ReadOnlyMemory<byte> file, bool allowCutEnd = false)
    {
        var frames = Mp3(file, allowCutEnd);
        var info = file.Span[Id3v2Length(file.Span)..];
        if (frames.Count == 0 || !IsInfoFrame(info))
        {
            return frames;
        }

        // Tag, flags, frames, bytes, table of contents, quality; the LAME tag has its delay at 21.
        var version1 = (info[1] >> 3 & 3) == 3;
        var mono = info[3] >> 6 == 3;
        var at = 4 + ((version1, mono) switch { (true, false) => 32, (true, true) or (false, false) => 17, _ => 9 }) + 120 + 21;
        var delay = info[at] << 4 | info[at + 1] >> 4;
        return frames[((delay + 529) / (version1 ? 1152 : 576))..];
    }

    /// <summary>The frames of an ADTS file; an ID3v2 tag is left out.</summary>
    public static List<ReadOnlyMemory<byte>> Adts(ReadOnlyMemory<byte> file, bool allowCutEnd = false) =>
        Cut(file, Id3v2Length(file.Span), AdtsFrameLength, allowCutEnd);

    /// <summary>The whole MP3 frames of a stream that begins and ends anywhere.</summary>
    public static List<ReadOnlyMemory<byte>> Mp3FromMiddle(ReadOnlyMemory<byte> stream) =>
        Cut(stream, FirstRun(stream.Span, Mp3FrameLength), Mp3FrameLength, allowCutEnd: true);

    /// <summary>The whole ADTS frames of a stream that begins and ends anywhere.</summary>
    public static List<ReadOnlyMemory<byte>> AdtsFromMiddle(ReadOnlyMemory<byte> stream) =>
        Cut(stream, FirstRun(stream.Span, AdtsFrameLength), AdtsFrameLength, allowCutEnd: true);

    /// <summary>Length of an ID3v2 tag at the start, its own header included; 0 without one.</summary>
    public static int Id3v2Length(ReadOnlySpan<byte> file) =>
        file.Length >= 10 && file.StartsWith("ID3"u8)
            ? 10 + (file[6] << 21 | file[7] << 14 | file[8] << 7 | file[9])
            : 0;

    /// <summary>Whether a Layer III frame carries a Xing, Info or VBRI header in place of sound.</summary>
    public static bool IsInfoFrame(ReadOnlySpan<byte> frame)
    {
        var version1 = (frame[1] >> 3 & 3) == 3;
        var mono = frame[3] >> 6 == 3;
        var side = (version1, mono) switch { (true, false) => 32, (true, true) or (false, false) => 17, _ => 9 };
        var protection = (frame[1] & 1) == 0 ? 2 : 0;
        return HasTag(frame, 4 + protection + side, "Xing"u8) || HasTag(frame, 4 + protection + side, "Info"u8) || HasTag(frame, 36, "VBRI"u8);
    }

    private static bool HasTag(ReadOnlySpan<byte> frame, int at, ReadOnlySpan<byte> tag) =>
        frame.Length >= at + tag.Length && frame[at..].StartsWith(tag);

    private static List<ReadOnlyMemory<byte>> Cut(
        ReadOnlyMemory<byte> bytes, int at, Func<ReadOnlyMemory<byte>, int> lengthOf, bool allowCutEnd)
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        while (at < bytes.Length)
        {
            var length = lengthOf(bytes[at..]);
            var isCut = length == 0 ? bytes.Length - at < 9 : at + length > bytes.Length;
            if (isCut && allowCutEnd)
            {
                break;
            }

            Assert.True(length > 0 && !isCut, $"No whole frame at byte {at} of {bytes.Length}, after {frames.Count} frames.");
            frames.Add(bytes.Slice(at, length));
            at += length;
        }

        return frames;
    }

    /// <summary>The first place from which four frames follow each other.</summary>
    private static int FirstRun(ReadOnlySpan<byte> stream, Func<ReadOnlyMemory<byte>, int> lengthOf)
    {
        var bytes = stream.ToArray().AsMemory();
        for (var first = 0; first < bytes.Length; first++)
        {
            var at = first;
            var run = 0;
            while (run < 4 && at < bytes.Length && lengthOf(bytes[at..]) is > 0 and var length)
            {
                at += length;
                run++;
            }

            if (run == 4)
            {
                return first;
            }
        }

        return bytes.Length;
    }

    private static int Mp3FrameLength(ReadOnlyMemory<byte> bytes)
    {
        var b = bytes.Span;
        if (b.Length < 4 || b[0] != 0xFF || (b[1] & 0xE6) != 0xE2)
        {
            return 0;
        }

        var version = b[1] >> 3 & 3;
        var bitrateIndex = b[2] >> 4;
        var rateIndex = b[2] >> 2 & 3;
        if (version == 1 || bitrateIndex is 0 or 15 || rateIndex == 3)
        {
            return 0;
        }

        var padding = b[2] >> 1 & 1;
        return version == 3
            ? 144_000 * s_layer3Version1[bitrateIndex] / s_version1Rates[rateIndex] + padding
            : 72_000 * s_layer3Version2[bitrateIndex] / (s_version1Rates[rateIndex] / (version == 2 ? 2 : 4)) + padding;
    }

    private static int AdtsFrameLength(ReadOnlyMemory<byte> bytes)
    {
        var b = bytes.Span;
        return b.Length < 7 || b[0] != 0xFF || (b[1] & 0xF6) != 0xF0 ? 0 : (b[3] & 3) << 11 | b[4] << 3 | b[5] >> 5;
    }
}
