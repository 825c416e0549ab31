using Isr.Tests.Support;

namespace Isr.Tests.Playback.Cutting;

/// <summary>One sound in files of every format, made by others, and how each of them decodes.</summary>
public sealed class CodedSounds : IAsyncLifetime
{
    public const int Rate = 44100;
    public const double Seconds = 14;

    /// <summary>Names and what ffmpeg is told to make them.</summary>
    internal static readonly (string Name, string Codec)[] Kinds =
    [
        ("s16.wav", "-c:a pcm_s16le"), ("s24.wav", "-c:a pcm_s24le"), ("u8.wav", "-c:a pcm_u8"), ("real.wav", "-c:a pcm_f32le"), ("rf64.wav", "-c:a pcm_s16le -rf64 always"),
        ("fixed.flac", "-c:a flac"), ("cbr.mp3", "-c:a libmp3lame -compression_level 7 -b:a 128k"), ("vbr.mp3", "-c:a libmp3lame -q:a 4"), ("bare.mp3", "-c:a libmp3lame -b:a 128k -write_xing 0 -id3v2_version 0"),
        ("lsf.mp3", "-c:a libmp3lame -compression_level 7 -ar 22050 -b:a 48k"), ("layer2.mp3", "-c:a mp2 -b:a 192k -f mp2"), ("lc.aac", "-c:a aac -aac_coder fast -aac_pns 0 -b:a 96k"),
        ("vorbis.ogg", "-c:a libvorbis -q:a 3"), ("opus.opus", "-c:a libopus -b:a 64k"), ("flac.ogg", "-c:a flac"),
    ];

    private readonly TemporaryDirectory _directory = new();
    private Dictionary<string, float[]> _decoded = [];

    public string Folder => _directory.Path;

    internal TestSound Sound { get; } = TestSound.Make(Rate, 2, 16, Seconds);

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Sound.EncodeAsync(Kinds.Select(kind => (PathOf(kind.Name), kind.Codec))), Sound.FlacAsync(PathOf("odd.flac"), "-b", "1000"));
        string[] names = [.. Kinds.Select(kind => kind.Name), "odd.flac"];
        var decoded = await AudioChecks.DecodeAsync([.. names.Select(PathOf)]);
        _decoded = names.Zip(decoded).ToDictionary(file => file.First, file => file.Second, StringComparer.Ordinal);
    }

    /// <summary>Samples in [-1, 1], channels in turn.</summary>
    public float[] Decoded(string name) => _decoded[name];

    public string PathOf(string name) => _directory.File(name);

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return default;
    }
}
