using Isr.Audio;

namespace Isr.Recording.Joining;

/// <summary>Frames of a new connection that were recorded before, for as long as they come.</summary>
/// <param name="recorded">What was recorded last; nothing is added to it meanwhile.</param>
/// <param name="index">Which of those the connection's first frame is; negative when it is older than all of them.</param>
internal sealed class Doubling(RecentFrames recorded, int index)
{
    private int _next = index;

    /// <summary>How many frames came again.</summary>
    public int Frames { get; private set; }

    /// <summary>How long they sound.</summary>
    public double Seconds { get; private set; }

    /// <summary>All that was recorded came again, to the last frame: what follows follows on it.</summary>
    public bool IsWhole => _next >= recorded.Count;

    /// <summary>Whether this frame, the next of the connection, is recorded already.</summary>
    public bool Takes(in AudioFrame frame)
    {
        if (IsWhole || (_next >= 0 && recorded[_next].Hash != FrameHash.Of(frame.Data)))
        {
            return false;
        }

        _next++;
        Frames++;
        Seconds += (double)(frame.Samples + frame.Unheard) / frame.Format.SampleRate;
        return true;
    }
}

/// <summary>What a connection repeated of the one before.</summary>
/// <param name="Frames">How many frames.</param>
/// <param name="Seconds">How long they sound.</param>
internal sealed record Healing(int Frames, double Seconds);
