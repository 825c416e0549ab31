namespace Isr.Audio;

/// <summary>
/// What stands before the frames of a stream and is repeated at the head of each file: the header packets of Vorbis and
/// Opus, the metadata blocks of FLAC. Compared by reference: one instance is one run of frames that follow on one
/// another. Where frames are missing, or a chained stream has a link that does not continue the one before, there is
/// a new instance, even with the same bytes.
/// </summary>
/// <param name="headers">In order, as received.</param>
public sealed class StreamSetup(IReadOnlyList<byte[]> headers)
{
    /// <summary>
    /// Vorbis: identification, comment and setup packet. Opus: OpusHead and OpusTags. FLAC: the metadata blocks with
    /// their own four header bytes, without STREAMINFO, which is made anew for each file, and without what is true of
    /// one file only (seek table, padding, cue sheet).
    /// </summary>
    public IReadOnlyList<byte[]> Headers { get; } = headers;
}
