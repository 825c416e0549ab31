using Isr.Audio.Flac;
using Isr.Audio.Opus;
using Isr.Audio.Vorbis;

namespace Isr.Audio.Ogg;

/// <summary>The codecs that are known in Ogg, by the first packet of their streams.</summary>
internal static class OggMappings
{
    /// <summary>The mapping that reads a stream beginning so; null when it is none that is recorded.</summary>
    public static OggMapping? Create(ReadOnlySpan<byte> first) =>
        first.StartsWith("\u0001vorbis"u8) ? new VorbisMapping()
        : first.StartsWith("OpusHead"u8) ? new OpusMapping()
        : first.StartsWith("\u007FFLAC"u8) ? new OggFlacMapping()
        : null;

    /// <summary>What another stream holds, for people.</summary>
    public static string NameOf(ReadOnlySpan<byte> first) =>
        first.StartsWith("Speex   "u8) ? "Speex"
        : first.StartsWith("CELT    "u8) ? "CELT"
        : first.StartsWith("PCM     "u8) ? "PCM"
        : first.StartsWith("fishead\0"u8) ? "a skeleton of several streams"
        : first.Length > 1 && first[0] == 0x80 && first[1..].StartsWith("theora"u8) ? "Theora video"
        : first.StartsWith("OVP80"u8) ? "VP8 video"
        : first.StartsWith("BBCD\0"u8) ? "Dirac video"
        : "a codec that is not known here";
}
