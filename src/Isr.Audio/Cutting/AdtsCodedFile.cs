using Isr.Audio.Adts;
using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>An ADTS file. Nothing in it says where what lies, so its headers are walked once.</summary>
internal sealed class AdtsCodedFile : CodedFile
{
    /// <summary>
    /// The transform overlaps by one frame; what HE-AAC needs to know before it can fill in the upper half of the spectrum comes every half
    /// second or so (ISO/IEC 14496-3, 4.5.2.8.2.1 leaves it to the encoder).
    /// </summary>
    private const int FramesBefore = 64;

    private readonly ReadAt _read;
    private readonly long _length;
    private readonly FrameIndex _index;

    private AdtsCodedFile(ReadAt read, long length, FrameIndex index, AudioFormat format, long samples)
        : base(format, samples) => (_read, _length, _index) = (read, length, index);

    internal override int OuterLeadIn => FramesBefore * 1024;

    public static CodedFile? TryOpen(ReadAt read, long length, FrameIndex index, out string sentence)
    {
        var window = new FileWindow(read, length, FileWindow.SmallBlockBytes);
        MpegMender.SkipTags(window, out _);
        index.Extend<AdtsHeader>(read, length, window.Position, AdtsHeader.MaxFrameLength);
        sentence = "";
        return index.Facts is { Samples: > 0 } facts
            ? new AdtsCodedFile(read, length, index, facts.Format, facts.Samples)
            : Refuse("It holds no whole frame of AAC.", out sentence);
    }

    internal override FrameCursor OpenAt(long from, long to) =>
        new WalkCursor<AdtsHeader>(_read, _length, _index.Find(from), 0, Format, AdtsHeader.MaxFrameLength);
}
