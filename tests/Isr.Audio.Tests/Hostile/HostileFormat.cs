using Isr.Audio.Sniffing;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Hostile;

/// <summary>A format with short captures of it by real encoders, and what damages it.</summary>
internal sealed record HostileFormat(string Name, StreamKind Kind, Func<byte[][]> Make, Func<byte[], byte[], Random, byte[]>? Mutate = null)
{
    public const int Seconds = 2;

    private readonly Lazy<byte[][]> _captures = new(Make);

    public static IReadOnlyList<HostileFormat> All { get; } =
    [
        new("Mp3", StreamKind.MpegAudio, Mp3),
        new("Aac", StreamKind.Adts, Aac),
        new("Vorbis", StreamKind.Ogg, () => Ogg(Vorbis()), OggMutation.OfPages),
        new("Opus", StreamKind.Ogg, () => Ogg(Opus()), OggMutation.OfPages),
        new("OggFlac", StreamKind.Ogg, () => Ogg(OggFlac()), OggMutation.OfPages),
        new("Flac", StreamKind.Flac, Flac, FlacMutation.OfFrames),
    ];

    public byte[][] Captures => _captures.Value;

    /// <summary>Whether streams of this format can be recorded by now.</summary>
    public bool IsRecorded()
    {
        if (!StreamFormats.HasReader(Kind))
        {
            return false;
        }

        var reader = StreamFormats.CreateReader(Kind);
        ReadOnlySpan<byte> rest = Captures[0];
        while (reader.TryRead(rest, isFinal: true, out var consumed, out var frame) || consumed > 0)
        {
            rest = rest[consumed..];
            if (!frame.Data.IsEmpty)
            {
                return HasMuxer(frame.Format);
            }
        }

        return false;
    }

    /// <summary>One input of the campaign; equal for equal seeds, as is what <paramref name="random"/> gives afterwards.</summary>
    public byte[] Input(int seed, out Random random)
    {
        random = new Random(seed);
        var stream = Captures[random.Next(Captures.Length)];
        var other = Captures[random.Next(Captures.Length)];
        var kind = random.Next(8);
        if (Mutate is not null && kind > 1)
        {
            stream = Mutate(stream, other, random);
        }

        // A few go in as they are: the damage is then in how they come.
        var isWhole = kind > 2 ? Mutate is not null : random.Next(50) == 0;
        return isWhole ? stream : Mutation.OfBytes(stream, other, random);
    }

    private static bool HasMuxer(AudioFormat format)
    {
        try
        {
            StreamFormats.CreateMuxer(format);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static byte[][] Mp3()
    {
        var constant = EncodedAudio.Mp3(44100, 2, Seconds, "-b:a", "96k");
        var variable = EncodedAudio.Mp3WithInfoFrame(44100, 2, Seconds, "-q:a", "5");
        var slow = EncodedAudio.Mp3(22050, 1, Seconds, "-b:a", "64k");
        byte[] tag = [.. "ID3"u8, 4, 0, 0, 0, 0, 6, 100, .. new byte[(6 * 128) + 100]];
        byte[] tagged = [.. constant.AsSpan(0, 9000), .. tag, .. constant.AsSpan(9000)];
        return [tagged, variable, slow, [.. slow, .. constant], EncodedAudio.Mp2(48000, 2, 1, "-b:a", "128k")];
    }

    private static byte[][] Aac()
    {
        var stereo = EncodedAudio.Aac(44100, 2, Seconds, "-b:a", "96k");
        var mono = EncodedAudio.Aac(44100, 1, Seconds, "-b:a", "64k");
        var surround = EncodedAudio.Aac(48000, 2, 1, "-ac", "6");
        return [stereo, mono, [.. mono, .. stereo], [.. stereo, .. surround, .. mono]];
    }

    private static byte[][] Vorbis() =>
    [
        EncodedAudio.Vorbis(44100, 2, Seconds, "-q:a", "4", "-page_duration", "20000"),
        EncodedAudio.Vorbis(22050, 1, Seconds, "-q:a", "1", "-page_duration", "300000"),
    ];

    private static byte[][] Opus() =>
    [
        EncodedAudio.Opus(48000, 2, Seconds, "-b:a", "160k", "-vbr", "off", "-page_duration", "20000"),
        EncodedAudio.Opus(48000, 1, Seconds, "-b:a", "32k", "-frame_duration", "60", "-page_duration", "400000"),
        EncodedAudio.Opus(48000, 1, 1, "-b:a", "48k", "-frame_duration", "2.5", "-application", "lowdelay"),
    ];

    private static byte[][] OggFlac() =>
    [
        EncodedAudio.OggFlac(16000, 1, Seconds, "-frame_size", "576", "-page_duration", "20000"),
        EncodedAudio.OggFlac(8000, 2, Seconds, "-frame_size", "256", "-page_duration", "400000"),
    ];

    private static byte[][] Flac()
    {
        static byte[] Encoded(int rate, int channels, int size) =>
            EncodedAudio.Flac(rate, channels, Seconds, "-frame_size", size.ToString());
        var mono = Encoded(16000, 1, 576);
        var stereo = Encoded(8000, 2, 256);

        // Whoever joins a mount later gets no header.
        byte[] late = [.. FlacBytes.Parts(mono).Skip(5).SelectMany(part => part)];
        return [mono, stereo, late, [.. mono, .. stereo], [.. late, .. FlacBytes.Parts(stereo).Skip(1).SelectMany(part => part)]];
    }

    // The ways in which encodings of one codec stand in Ogg.
    private static byte[][] Ogg(byte[][] links)
    {
        var random = new Random(1);
        return
        [
            .. links,
            OggBytes.Span(links[0]),
            OggBytes.Chain(links[0], links[0], 77),
            OggBytes.Chain(links[1], links[0], 78),
            OggBytes.WithPicture(links[1], random, 100_000),
            OggBytes.WithPicture(links[1], random, 700),
            OggBytes.Multiplex(links[0], links[1]),
        ];
    }
}
