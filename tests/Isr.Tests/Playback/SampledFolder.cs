using Isr.Analysis.Worker.Samples;
using Isr.Audio.Pcm;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.Playback;

/// <summary>Recordings of every format, of which it is known what they sound like, served by the program in this process.</summary>
public sealed class SampledFolder : IAsyncLifetime
{
    public const int Rate = 44100;

    public const double Seconds = 13;

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, short[]> _decoded = new(StringComparer.Ordinal);
    private IHost? _host;
    private int _port;

    public string Folder => _directory.File("recordings");

    internal TestSound Sound { get; } = TestSound.Make(Rate, 2, 16, Seconds);

    internal TestSound Deep { get; } = TestSound.Make(48000, 2, 24, 4, seed: 2);

    internal SampleWorkers Workers => _host!.Services.GetRequiredService<SampleWorkers>();

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        await Task.WhenAll(
            Sound.EncodeAsync(Path.Combine(Folder, "wav.wav"), "-c:a pcm_s16le"),
            Sound.EncodeAsync(Path.Combine(Folder, "flac.flac"), "-c:a flac -sample_fmt s16"),
            Sound.EncodeAsync(Path.Combine(Folder, "oggflac.ogg"), "-c:a flac -sample_fmt s16 -f ogg"),
            Sound.EncodeAsync(Path.Combine(Folder, "mp3.mp3"), "-c:a libmp3lame -b:a 128k"),
            Sound.EncodeAsync(Path.Combine(Folder, "vbr.mp3"), "-c:a libmp3lame -q:a 4 -write_xing 0"),
            Sound.EncodeAsync(Path.Combine(Folder, "vorbis.ogg"), "-c:a libvorbis -q:a 4"),
            Sound.EncodeAsync(Path.Combine(Folder, "opus.opus"), "-c:a libopus -b:a 96k"),
            Sound.EncodeAsync(Path.Combine(Folder, "aac.aac"), "-c:a aac -aac_pns 0 -b:a 128k -f adts"),
            Deep.EncodeAsync(Path.Combine(Folder, "deep.wav"), "-c:a pcm_s24le"),
            Deep.EncodeAsync(Path.Combine(Folder, "float.wav"), "-c:a pcm_f32le"),
            Deep.FlacAsync(Path.Combine(Folder, "deep.flac")));
        await File.WriteAllTextAsync(Path.Combine(Folder, "text.mp3"), "no sound at all");

        _host = RunCommand.Build(Settings.ForFolder(Folder), new WebOptions { Port = 0 }, RunParts.Page, log: null);
        await _host.StartAsync();
        _port = new Uri(((WebApplication)_host).Urls.First()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        _directory.Dispose();
    }

    internal Task<RawAnswer> AskAsync(string target, params string[] headers) => RawHttp.AskAsync(_port, "GET", target, ["Host: localhost", .. headers]);

    /// <summary>All of a recording, as one decoder gives it from the start: of 16 bits, interleaved.</summary>
    internal async Task<short[]> DecodedAsync(string name)
    {
        lock (_decoded)
        {
            if (_decoded.TryGetValue(name, out var known))
            {
                return known;
            }
        }

        var decoded = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", Path.Combine(Folder, name), "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"]);
        var bytes = new byte[decoded.Output.Length / 2];
        new SampleConversion(SampleFormat.Real, 2, 0, 2, 16).Convert(decoded.Output, bytes);
        var samples = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(bytes).ToArray();
        lock (_decoded)
        {
            _decoded[name] = samples;
        }

        return samples;
    }

    /// <summary>From now on, for a while, the program takes these for being recorded.</summary>
    internal void Record(params string[] names) =>
        File.WriteAllText(
            Path.Combine(Folder, "status.json"),
            $$"""{"active": [{{string.Join(", ", names.Select(name => $"\"{name}\""))}}], "updated": "{{DateTimeOffset.UtcNow:O}}", "pid": {{Environment.ProcessId}}}""");
}
