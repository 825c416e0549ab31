using System.Buffers;
using System.Buffers.Binary;

namespace Isr.Audio.Flac;

/// <summary>
/// What stands before the frames of a FLAC file, true for those that it has: the marker, STREAMINFO, and blocks that stay as
/// they are.
/// </summary>
/// <param name="format">Of the frames; its codec does not matter.</param>
public sealed class FlacFileHead(AudioFormat format)
{
    private readonly FlacFileCounts _counts = new(format);
    private UInt128 _md5;

    /// <summary>Bytes of the part that changes while the file grows; it is the first.</summary>
    public static int GrowingBytes => FlacMetadata.StartBytes;

    /// <summary>Samples per channel that it tells of from the start: for outputs in which nobody can go back.</summary>
    public long? Announced { get; set; }

    /// <summary>Frames added since <see cref="Begin"/>.</summary>
    public long Frames => _counts.Frames;

    /// <summary>Samples per channel of these.</summary>
    public long Samples => _counts.Samples;

    /// <summary>Begins a file, and writes all that comes before its frames.</summary>
    /// <param name="facts">What it says of itself.</param>
    /// <param name="firstBlock">Samples per channel of the first frame.</param>
    /// <param name="isExact">Its start is known to the sample, and stands in the comments as TIME_REFERENCE.</param>
    /// <param name="output">Takes the bytes.</param>
    public void Begin(in FileFacts facts, int firstBlock, bool isExact, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        _counts.Begin(firstBlock);
        _md5 = default;
        output.Advance(Write(output.GetSpan(GrowingBytes)));
        foreach (var block in FlacFileBlocks.Make(format.Setup, facts, isExact ? facts.TimeReference(format.SampleRate) : null))
        {
            output.Write(block);
        }
    }

    public void Add(int samples, int frameBytes) => _counts.Add(samples, frameBytes);

    /// <summary>All frames were added, and this is the MD5 of their samples, 16 bytes.</summary>
    public void Complete(ReadOnlySpan<byte> md5) => _md5 = BinaryPrimitives.ReadUInt128BigEndian(md5);

    /// <summary>Writes the part that changes, <see cref="GrowingBytes"/>; returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        FlacBlock.Marker.CopyTo(destination);
        destination = destination[FlacBlock.Marker.Length..];
        new FlacBlock(FlacBlockType.StreamInfo, FlacStreamInfo.Size, IsLast: false).Write(destination);
        var info = _counts.ToStreamInfo(pendingSamples: 0) with { Md5 = _md5 };
        (info with { TotalSamples = Announced ?? info.TotalSamples }).Write(destination[FlacBlock.HeaderBytes..]);
        return GrowingBytes;
    }
}
