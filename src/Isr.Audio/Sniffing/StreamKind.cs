namespace Isr.Audio.Sniffing;

/// <summary>What a server sends.</summary>
public enum StreamKind
{
    /// <summary>More bytes will tell.</summary>
    Undecided,

    /// <summary>Nothing that is known here, or nothing at all.</summary>
    Nothing,
    MpegAudio,
    Adts,
    Ogg,
    Flac,

    /// <summary>HTML, XML or JSON: a page instead of a stream.</summary>
    Text,

    /// <summary>A PLS or M3U playlist, which names the stream.</summary>
    Playlist,

    /// <summary>A playlist of HTTP Live Streaming.</summary>
    Hls,
}
