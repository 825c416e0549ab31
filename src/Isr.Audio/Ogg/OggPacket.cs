namespace Isr.Audio.Ogg;

/// <summary>A whole packet, not empty, and the page on which it ends. It borrows its bytes.</summary>
internal readonly ref struct OggPacket
{
    public ReadOnlySpan<byte> Data { get; init; }

    public OggPage Page { get; init; }

    /// <summary>The page's segments behind this packet.</summary>
    public int NextSegment { get; init; }

    /// <summary>The page's body behind this packet begins here.</summary>
    public int NextOffset { get; init; }

    /// <summary>No other packet ends on the page: its granule position is this packet's.</summary>
    public bool IsLastOnPage { get; init; }

    /// <summary>The first of a logical stream.</summary>
    public bool BeginsStream { get; init; }

    /// <summary>Something is missing before it.</summary>
    public bool FollowsHole { get; init; }
}
