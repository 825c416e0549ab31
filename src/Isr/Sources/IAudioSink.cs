using Isr.Audio;

namespace Isr.Sources;

/// <summary>
/// Takes what a source gives, on the source's own task. None of these may wait: a sink keeps what it gets in
/// memory and leaves disks and people to others.
/// </summary>
internal interface IAudioSink
{
    /// <summary>Seconds of audio that the present connection gave; 0 after <see cref="Disconnected"/>.</summary>
    double AudioSeconds { get; }

    /// <summary>A connection stands and its audio is understood; frames follow.</summary>
    void Connected(StreamFacts facts);

    void Frame(in AudioFrame frame);

    /// <summary>So many bytes before the next frame belonged to no frame.</summary>
    void Skipped(long bytes);

    /// <summary>A title that belongs to the frames that come next.</summary>
    void Title(string title);

    /// <summary>
    /// All frames since the last call had arrived at this monotonic timestamp. An answer other than null ends
    /// the connection for that reason.
    /// </summary>
    ConnectionEnd? Arrived(long timestamp);

    void Disconnected(ConnectionEnd end);
}

/// <summary>What a server says of its stream. Every value is the server's word, cleaned of control characters.</summary>
internal sealed record StreamFacts
{
    /// <summary>The address that gave the audio, after redirects and playlists, without user name and password.</summary>
    public required string Url { get; init; }

    public string? ContentType { get; init; }

    public string? Name { get; init; }

    public string? Server { get; init; }

    /// <summary>kbit/s as the server says.</summary>
    public string? Bitrate { get; init; }

    /// <summary>The body has a length: whatever comes, it is finite.</summary>
    public bool IsFinite { get; init; }
}
