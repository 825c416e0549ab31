namespace Isr.Audio.Icy;

/// <summary>What <see cref="IcyDemuxer.Read"/> found.</summary>
public enum IcyPart
{
    /// <summary>Nothing more; all bytes are consumed.</summary>
    None,
    Audio,

    /// <summary>A whole metadata block.</summary>
    Metadata,
}
