using Isr.Audio;
using Isr.Audio.Cutting;

namespace Isr.Playback.Cutting;

/// <summary>The file of a cut, in the format of its recordings.</summary>
internal static class FlacCut
{
    /// <summary>
    /// The frames of a stretch of FLAC as a file: from the one that begins at or after its start.
    /// </summary>
    /// <param name="stretches">Of each recording in turn, which continue one another, the first sample and the one behind the last.</param>
    /// <param name="facts">What the file says of itself; its start is that of the stretch.</param>
    /// <returns>Null where the recordings are not of one kind, or hold no frame of it.</returns>
    public static CutFile? TryMake(IReadOnlyList<CutStretch> stretches, FileFacts facts) => FrameFile.TryMake(stretches, facts);
}
