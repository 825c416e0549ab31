namespace Isr.Sources;

/// <summary>Why a connection ended, or never came to be. The words stand in the journal.</summary>
internal enum EndCause
{
    /// <summary>No connection: name unknown, port closed, no route, no answer.</summary>
    Unreachable,

    /// <summary>The server answered, but not with a stream (an error status, too many redirects, a web page).</summary>
    Refused,

    /// <summary>The answer is audio, but no live stream: it came faster than it sounds, or was a finite body.</summary>
    NotLive,

    /// <summary>A stream of a kind that this version does not record.</summary>
    Unsupported,

    /// <summary>The server closed the connection.</summary>
    Ended,

    /// <summary>The connection broke in the middle.</summary>
    Broken,

    /// <summary>Nothing came for <see cref="Http.ConnectionWatch.SilenceLimit"/>; the connection was given up.</summary>
    Silence,

    /// <summary>A soundcard's buffer ran over before it was read (an xrun): what it held is lost, and it begins anew.</summary>
    Overrun,

    /// <summary>A backup's connection was ended because an address before it has audio again.</summary>
    Switched,

    /// <summary>This program stopped it.</summary>
    Stopped,
}

/// <param name="Cause">Which of the ends it was.</param>
/// <param name="Sentence">What happened, for people; never holds a password.</param>
internal readonly record struct ConnectionEnd(EndCause Cause, string Sentence)
{
    /// <summary>How long the server asked to be left alone (Retry-After), if it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ConnectionEnd Stopped { get; } = new(EndCause.Stopped, "stopped");
}
