using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>
/// A recording in which the frames of any stretch are found without reading all that lies before it. It may go on growing: what lies behind
/// the length that it was opened with, and a frame or page that is torn there, is not looked at.
/// Samples are counted per channel, from the first that is heard.
/// </summary>
public abstract class CodedFile
{
    private const int HeadBytes = 12;

    private protected CodedFile(AudioFormat format, long samples) => (Format, Samples) = (format, samples);

    /// <summary>Of its frames. Samples that lie as they are have any number of bits, and may be fractions.</summary>
    public AudioFormat Format { get; }

    public int SampleRate => Format.SampleRate;

    /// <summary>What is heard of it.</summary>
    public long Samples { get; }

    /// <summary>
    /// What stands before a stretch for decoders to hear where the file that is made of it cannot have it dropped; the frames of <see cref="CutEdges.Outer"/>
    /// begin so much earlier.
    /// </summary>
    internal virtual int OuterLeadIn => 0;

    /// <summary>Where the first frame of the recording itself begins: before 0 where players drop what encoders put there.</summary>
    internal virtual long Begin => 0;

    /// <summary>Opens a file; null when nothing can be cut out of it.</summary>
    /// <param name="read">Reads it, now and later.</param>
    /// <param name="length">Its length.</param>
    /// <param name="extension">Of its name, lower case, with the dot: where the bytes do not tell the format.</param>
    /// <param name="index">What is known of it from before, and is kept for the next time; null for nothing.</param>
    /// <param name="sentence">Why nothing can be cut out of it; empty when it can.</param>
    public static CodedFile? TryOpen(ReadAt read, long length, string extension, FrameIndex? index, out string sentence)
    {
        ArgumentNullException.ThrowIfNull(read);

        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[..FileWindow.ReadFully(read, 0, head[..(int)Math.Min(length, HeadBytes)])];
        sentence = "";
        return head switch
        {
            _ when head.IsEmpty => Refuse("It is empty.", out sentence),
            _ when head.StartsWith("OggS"u8) => OggCodedFile.TryOpen(read, length, out sentence),
            _ when head.StartsWith("fLaC"u8) => FlacCodedFile.TryOpen(read, length, out sentence),
            _ when head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) => WavCodedFile.TryOpen(read, length, out sentence),
            _ => extension switch
            {
                ".mp3" => MpegCodedFile.TryOpen(read, length, index ?? new FrameIndex(), out sentence),
                ".aac" => AdtsCodedFile.TryOpen(read, length, index ?? new FrameIndex(), out sentence),
                ".flac" => FlacCodedFile.TryOpen(read, length, out sentence),
                ".ogg" or ".oga" or ".opus" => Refuse("It does not begin with an Ogg page.", out sentence),
                ".wav" => Refuse("It does not begin with a WAV header.", out sentence),
                _ => Refuse("It is of no format that is known here.", out sentence),
            },
        };
    }

    /// <summary>The frames of a stretch; null when it holds none.</summary>
    /// <param name="from">Its first sample.</param>
    /// <param name="to">The sample behind its last; what lies behind the end of the file is not there.</param>
    /// <param name="edges">What is done with frames that are only partly in it.</param>
    public FrameCut? TryCut(long from, long to, CutEdges edges) => FrameCut.TryFind(this, from, to, edges);

    /// <summary>Goes to a place: first come frames that a muxer is to observe, then all from the one that holds the sample.</summary>
    /// <param name="from">The sample.</param>
    /// <param name="to">No more is wanted than what lies before this one.</param>
    internal abstract FrameCursor OpenAt(long from, long to);

    /// <summary>Whether the frames of another file may follow on those of this one.</summary>
    internal virtual bool IsOneKindWith(CodedFile other) => Format with { Setup = null } == other.Format with { Setup = null };

    private protected static CodedFile? Refuse(string reason, out string sentence)
    {
        sentence = reason;
        return null;
    }
}
