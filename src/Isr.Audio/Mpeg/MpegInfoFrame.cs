using System.Buffers.Binary;
using System.Diagnostics;

namespace Isr.Audio.Mpeg;

/// <summary>
/// The silent frame at the head of an MP3 file that tells players its length, its table of contents and, in LAME's
/// extension, how many samples to drop. Described at http://gabriel.mp3-tech.org/mp3infotag.html and in mpg123's
/// and LAME's sources. After the (empty) side information:
/// <code>
///   0  4  "Xing" (variable bitrate) or "Info" (constant)
///   4  4  flags: 1 frames, 2 bytes, 4 table of contents, 8 quality; only what is flagged follows
///   8  4  frames, without this one
///  12  4  bytes, with this frame
///  16 100 at i percent of the time, the position in the file in 256ths
/// 116  4  quality
/// 120  9  "LAME3.100"
/// 129  1  tag revision, method (1 constant, 3 variable)
/// 140  1  bitrate, kbit/s
/// 141  3  12 bits encoder delay, 12 bits padding
/// 148  4  bytes, again
/// 152  2  CRC-16 of the music, all that follows this frame
/// 154  2  CRC-16 of this frame up to here
/// </code>
/// </summary>
internal readonly record struct MpegInfoFrame
{
    /// <summary>What decoders drop beyond the delay that the tag names: their own delay.</summary>
    public const int DecoderDelay = 529;

    public const int TocEntries = 100;

    private const int FlagFrames = 1;
    private const int FlagBytes = 2;
    private const int FlagToc = 4;
    private const int FlagQuality = 8;
    private const int LameOffset = 120;
    private const int LameDelayOffset = 21;
    private const int LameCrcOffset = 34;
    private const int LameBytes = 36;

    // Fraunhofer's tag stands at a fixed place whatever the side information's size.
    private const int VbriOffset = MpegHeader.Size + 32;

    /// <summary>Frames in the file; those of the lead-in count, this one does not.</summary>
    public uint Frames { get; init; }

    /// <summary>Bytes of the frames, this one included.</summary>
    public uint Bytes { get; init; }

    public bool IsVariable { get; init; }

    /// <summary>Encoder delay in samples; null without LAME's extension.</summary>
    public int? Delay { get; init; }

    /// <summary>Samples of padding at the end.</summary>
    public int Padding { get; init; }

    /// <summary>kbit/s, for LAME's extension.</summary>
    public int Kilobits { get; init; }

    public ushort MusicCrc { get; init; }

    /// <summary>
    /// The header of the info frame for a stream: the same kind of frame, without CRC, at a bitrate whose frames
    /// hold the tag at every sample rate (128 kbit/s, or 64 for LSF).
    /// </summary>
    public static MpegHeader HeaderFor(ReadOnlySpan<byte> firstFrame, Span<byte> header)
    {
        firstFrame[..MpegHeader.Size].CopyTo(header);
        var isMpeg1 = (header[1] & 0x18) == 0x18;
        header[1] |= 1;
        header[2] = (byte)((header[2] & 0x0C) | ((isMpeg1 ? 9 : 8) << 4));
        var isHeader = MpegHeader.TryRead(header, out var result);
        Debug.Assert(isHeader, "made from a header");
        return result;
    }

    /// <summary>Writes the frame; returns its length.</summary>
    public int Write(ReadOnlySpan<byte> firstFrame, ReadOnlySpan<byte> toc, Span<byte> destination)
    {
        var header = HeaderFor(firstFrame, destination);
        var frame = destination[..header.FrameLength];
        frame[MpegHeader.Size..].Clear();

        var tag = frame[header.MainDataOffset..];
        (IsVariable ? "Xing"u8 : "Info"u8).CopyTo(tag);
        BinaryPrimitives.WriteInt32BigEndian(tag[4..], FlagFrames | FlagBytes | FlagToc | FlagQuality);
        BinaryPrimitives.WriteUInt32BigEndian(tag[8..], Frames);
        BinaryPrimitives.WriteUInt32BigEndian(tag[12..], Bytes);
        toc.CopyTo(tag[16..]);
        if (Delay is { } delay)
        {
            var lame = tag[LameOffset..];
            "LAME3.100"u8.CopyTo(lame);
            lame[9] = (byte)(IsVariable ? 3 : 1);
            lame[20] = (byte)(IsVariable ? 0 : Math.Min(Kilobits, byte.MaxValue));
            lame[21] = (byte)(delay >> 4);
            lame[22] = (byte)((delay << 4) | (Padding >> 8));
            lame[23] = (byte)Padding;
            BinaryPrimitives.WriteUInt32BigEndian(lame[28..], Bytes);
            BinaryPrimitives.WriteUInt16BigEndian(lame[32..], MusicCrc);
            var crc = LameCrc.Append(0, frame[..(header.MainDataOffset + LameOffset + LameCrcOffset)]);
            BinaryPrimitives.WriteUInt16BigEndian(lame[LameCrcOffset..], crc);
        }

        return frame.Length;
    }

    /// <summary>Whether a frame is a Xing, Info or VBRI frame and so holds no audio.</summary>
    public static bool IsInfoFrame(in MpegHeader header, ReadOnlySpan<byte> frame) =>
        header.Layer == 3 && (FindXing(header, frame) >= 0 || IsVbri(frame));

    /// <summary>Reads the counts of an Xing or Info frame; false when it is none or has no frame count.</summary>
    public static bool TryRead(in MpegHeader header, ReadOnlySpan<byte> frame, out MpegInfoFrame info)
    {
        info = default;
        var at = header.Layer == 3 ? FindXing(header, frame) : -1;
        if (at < 0 || frame.Length < at + 12)
        {
            return false;
        }

        var tag = frame[at..];
        var flags = BinaryPrimitives.ReadInt32BigEndian(tag[4..]);
        if ((flags & FlagFrames) == 0)
        {
            return false;
        }

        info = new MpegInfoFrame { IsVariable = tag[0] == 'X', Frames = BinaryPrimitives.ReadUInt32BigEndian(tag[8..]) };
        var lameAt = 12;
        if ((flags & FlagBytes) != 0 && tag.Length >= 16)
        {
            info = info with { Bytes = BinaryPrimitives.ReadUInt32BigEndian(tag[12..]) };
            lameAt += 4;
        }

        lameAt += ((flags & FlagToc) != 0 ? TocEntries : 0) + ((flags & FlagQuality) != 0 ? 4 : 0);

        // Whoever knows the extension writes it, under its own name; ffmpeg reads it from these three.
        if (tag.Length >= lameAt + LameBytes
            && tag[lameAt..] is var lame
            && (lame.StartsWith("LAME"u8) || lame.StartsWith("Lavf"u8) || lame.StartsWith("Lavc"u8)))
        {
            info = info with
            {
                Delay = (lame[LameDelayOffset] << 4) | (lame[LameDelayOffset + 1] >> 4),
                Padding = ((lame[LameDelayOffset + 1] & 15) << 8) | lame[LameDelayOffset + 2],
            };
        }

        return true;
    }

    // LAME leaves room for the frame's CRC before the tag, others do not. Empty side information keeps a frame of
    // music with these four letters in it from being taken for one: over a year of many streams that does happen.
    private static int FindXing(in MpegHeader header, ReadOnlySpan<byte> frame)
    {
        var at = header.MainDataOffset;
        if (IsXingAt(frame, at, sideInfoFrom: at - header.SideInfoLength))
        {
            return at;
        }

        at = MpegHeader.Size + header.SideInfoLength;
        return header.HasCrc && IsXingAt(frame, at, sideInfoFrom: MpegHeader.Size + 2) ? at : -1;
    }

    private static bool IsXingAt(ReadOnlySpan<byte> frame, int at, int sideInfoFrom) =>
        frame.Length >= at + 8
        && (frame[at..].StartsWith("Xing"u8) || frame[at..].StartsWith("Info"u8))
        && !frame[sideInfoFrom..at].ContainsAnyExcept((byte)0);

    private static bool IsVbri(ReadOnlySpan<byte> frame) =>
        frame.Length >= VbriOffset + 26
        && frame[VbriOffset..].StartsWith("VBRI"u8)
        && !frame[(MpegHeader.Size + 2)..VbriOffset].ContainsAnyExcept((byte)0);
}
