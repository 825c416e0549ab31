using Isr.Audio;

namespace Isr.Sources;

internal static class FormatText
{
    public static string NameOf(AudioCodec codec) => codec switch
    {
        AudioCodec.MpegLayer1 => "MP1",
        AudioCodec.MpegLayer2 => "MP2",
        AudioCodec.MpegLayer3 => "MP3",
        AudioCodec.Aac => "AAC",
        AudioCodec.Vorbis => "Ogg Vorbis",
        AudioCodec.Opus => "Opus",
        AudioCodec.Flac => "FLAC",
        AudioCodec.OggFlac => "Ogg FLAC",
        AudioCodec.Pcm => "PCM",
        _ => "unknown",
    };

    /// <summary>"MP3 128 kbit/s 44.1 kHz stereo", from the frames themselves; "PCM 48 kHz 24 bit mono", whose bit rate follows.</summary>
    /// <param name="format">Of the frames.</param>
    /// <param name="bitRate">Measured, in bits per second.</param>
    public static string Describe(AudioFormat format, double bitRate)
    {
        var channels = format.Channels switch { 0 => "", 1 => " mono", 2 => " stereo", var n => $" {n} channels" };
        var bits = format.BitsPerSample > 0 ? $" {format.BitsPerSample} bit" : "";
        var rate = format.Codec == AudioCodec.Pcm ? "" : $" {bitRate / 1000:0} kbit/s";
        return $"{NameOf(format.Codec)}{rate} {format.SampleRate / 1000.0:0.###} kHz{bits}{channels}";
    }
}
