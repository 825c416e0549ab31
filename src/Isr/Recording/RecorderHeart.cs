using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// Tells a recorder that works from one that only runs. It beats while
/// <list type="bullet">
/// <item>the recorder's own loop comes round once a second (timers, tasks and the clock's lock work);</item>
/// <item>of the sources that should be at something, at least one has moved on: bytes, a state, an attempt.</item>
/// </list>
/// A disk that hangs does not stop it: the audio waits in memory or goes to the fallback directory, and both would be lost by a
/// restart that the disk would hang again. Nor does one source that stands still: the others would pay for its restart.
/// </summary>
internal sealed class RecorderHeart(StatusFile status, TimeProvider time)
{
    /// <summary>The recorder's loop comes round once a second; a computer that was suspended or swaps is given time.</summary>
    public static readonly TimeSpan LoopLimit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Silence ends a connection after 30 s, an attempt to connect ends sooner: whoever is at something shows it within this.
    /// </summary>
    public static readonly TimeSpan SourceLimit = TimeSpan.FromMinutes(2);

    private long _beaten = time.GetTimestamp();
    private IReadOnlyList<SourceStatus> _last = [];
    private long _moved = time.GetTimestamp();

    /// <summary>The recorder's loop came round.</summary>
    public void Beat() => Volatile.Write(ref _beaten, time.GetTimestamp());

    /// <summary>Looks at it; by one owner, at least every 30 s.</summary>
    public HeartReport Look()
    {
        var now = time.GetTimestamp();
        var sources = status.Sources;
        if (!sources.SequenceEqual(_last) || !sources.Any(MustMove))
        {
            (_last, _moved) = (sources, now);
        }

        var silent = time.GetElapsedTime(Volatile.Read(ref _beaten), now);
        var still = time.GetElapsedTime(_moved, now);
        return new HeartReport(
            sources,
            silent > LoopLimit ? $"The recorder's loop has not come round for {silent.TotalSeconds:0} s."
            : still > SourceLimit ? $"No source has moved on for {still.TotalSeconds:0} s."
            : null);
    }

    /// <summary>Waiting and stopped are the only states that may last.</summary>
    private static bool MustMove(SourceStatus source) => source.State is SourceState.Connecting or SourceState.Recording or SourceState.Disk;
}

/// <summary>What a look at the heart showed.</summary>
/// <param name="Sources">What each source is doing.</param>
/// <param name="Trouble">Why it does not beat, as a sentence; null while it does.</param>
internal sealed record HeartReport(IReadOnlyList<SourceStatus> Sources, string? Trouble);
