using System.Buffers;

namespace Isr.Audio.Cutting;

/// <summary>A file that is made of a cut, given out in blocks. It plays alone.</summary>
public abstract class CutFile
{
    /// <summary>About so many bytes are given out at a time.</summary>
    protected const int BlockBytes = 64 * 1024;

    /// <summary>With its dot.</summary>
    public abstract string Extension { get; }

    /// <summary>Bytes of the whole file. Known when it was measured.</summary>
    public long Length { get; protected set; }

    /// <summary>Samples per channel that are heard. Known when it was measured.</summary>
    public long Samples { get; protected set; }

    /// <summary>
    /// Finds out what the head must say of all the rest: players believe it, and it comes first. Where frames have different lengths this
    /// reads them once more than they are given out.
    /// </summary>
    public abstract void Measure(CancellationToken cancellationToken);

    /// <summary>Gives out the next block of a measured file; false when all is out.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were measured.</exception>
    public abstract bool TryWrite(IBufferWriter<byte> output);
}
