namespace Isr.Audio.Cutting;

/// <summary>Goes along the frames of a <see cref="CodedFile"/>.</summary>
internal abstract class FrameCursor
{
    /// <summary>Where a frame lies is not known, but that it is before all that is wanted.</summary>
    public const long Before = long.MinValue;

    /// <summary>The next frame, which is good until the next call; false at the end of the file or of what follows on one another in it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="position">Its first sample, of those that are heard of the file; or <see cref="Before"/>.</param>
    public abstract bool TryNext(out AudioFrame frame, out long position);
}
