namespace Isr.Audio.Sniffing;

/// <param name="Kind">What the bytes are.</param>
/// <param name="Codec">How it is coded, where the kind's first bytes tell: MPEG audio by layer, and AAC.</param>
public readonly record struct SniffResult(StreamKind Kind, AudioCodec Codec = AudioCodec.None);
