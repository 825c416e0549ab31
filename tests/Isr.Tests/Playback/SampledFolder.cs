using Isr.Analysis.Worker.Samples;
using Isr.Audio.Pcm;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
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

    /// <summary>Recordings of source "news" around midnight, 8,000 Hz, one channel: 8 s, a gap of 3 s, 10 s, and 5 s that begin one second before these end.</summary>
    internal IReadOnlyList<TestSound> News { get; } = [TestSound.Make(8000, 1, 16, 8, seed: 11), TestSound.Make(8000, 1, 16, 10, seed: 12), TestSound.Make(8000, 1, 16, 5, seed: 13)];

    /// <summary>When the first of them began.</summary>
    internal static DateTimeOffset NewsStart { get; } = Local(new DateTime(2026, 5, 23, 23, 59, 50));

    internal SampleWorkers Workers => _host!.Services.GetRequiredService<SampleWorkers>();

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        await Task.WhenAll(
            Sound.EncodeAsync(
            [
                (Path.Combine(Folder, "wav.wav"), "-c:a pcm_s16le"),
                (Path.Combine(Folder, "flac.flac"), "-c:a flac -sample_fmt s16"),
                (Path.Combine(Folder, "oggflac.ogg"), "-c:a flac -sample_fmt s16 -f ogg"),
                (Path.Combine(Folder, "mp3.mp3"), "-c:a libmp3lame -b:a 128k"),
                (Path.Combine(Folder, "vbr.mp3"), "-c:a libmp3lame -q:a 4 -write_xing 0"),
                (Path.Combine(Folder, "vorbis.ogg"), "-c:a libvorbis -q:a 4"),
                (Path.Combine(Folder, "opus.opus"), "-c:a libopus -b:a 96k"),
                (Path.Combine(Folder, "aac.aac"), "-c:a aac -aac_coder fast -aac_pns 0 -b:a 128k -f adts"),
            ]),
            Deep.EncodeAsync([(Path.Combine(Folder, "deep.wav"), "-c:a pcm_s24le"), (Path.Combine(Folder, "float.wav"), "-c:a pcm_f32le")]),
            Deep.FlacAsync(Path.Combine(Folder, "deep.flac")));
        await File.WriteAllTextAsync(Path.Combine(Folder, "text.mp3"), "no sound at all");

        await WriteNewsAsync();
        _host = RunCommand.Build(Settings.ForFolder(Folder), new WebOptions { Port = 0 }, RunParts.Page, log: null);
        await _host.StartAsync();
        _port = new Uri(((WebApplication)_host).Urls.First()).Port;

        // By then all is known that is in the folder.
        Assert.Equal(200, (await AskAsync("/api/files")).Status);
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

    internal Task<RawAnswer> HeadAsync(string target, params string[] headers) => RawHttp.AskAsync(_port, "HEAD", target, ["Host: localhost", .. headers]);

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

    private async Task WriteNewsAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "news"));
        Directory.CreateDirectory(Path.Combine(Folder, "live"));
        var (live, other) = (TestSound.Make(8000, 1, 16, 4, seed: 14), TestSound.Make(16000, 1, 16, 1, seed: 15));
        await News[0].EncodeAsync(Path.Combine(Folder, "news/1.wav"), "-c:a pcm_s16le");
        await News[1].FlacAsync(Path.Combine(Folder, "news/2.flac"));
        await News[2].FlacAsync(Path.Combine(Folder, "news/3.flac"));
        await other.FlacAsync(Path.Combine(Folder, "news/4.flac"));
        await live.EncodeAsync(Path.Combine(Folder, "live/1.wav"), "-c:a pcm_s16le");
        LiveStart = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 10);

        JournalEntry[] entries =
        [
            .. Entries("news", "news/1.wav", NewsStart, News[0], GapCause.Split),
            .. Entries("news", "news/2.flac", NewsStart.AddSeconds(11), News[1], GapCause.Split),
            .. Entries("news", "news/3.flac", NewsStart.AddSeconds(20), News[2], GapCause.Stopped),
            .. Entries("news", "news/4.flac", NewsStart.AddSeconds(70), other, GapCause.Stopped),
            Entries("live", "live/1.wav", LiveStart, live, GapCause.Stopped)[0],
        ];
        var folder = Directory.CreateDirectory(JournalReader.DirectoryOf(Path.Combine(Folder, ".isr"))).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "2026-05-23.jsonl"), [.. entries.SelectMany(JournalLine.Format)]);
    }

    /// <summary>When the recording began that is not closed, of source "live".</summary>
    internal DateTimeOffset LiveStart { get; private set; }

    private static JournalEntry[] Entries(string source, string name, DateTimeOffset start, TestSound sound, string how) =>
    [
        new FileOpened(source, name, start, "Pcm", sound.Rate, sound.Channels, null) { At = start },
        new FileClosed(source, name, start.AddSeconds((double)sound.Samples.Length / sound.Rate), sound.Samples.Length, 1, how) { At = start },
    ];

    private static DateTimeOffset Local(DateTime time) => new(time, TimeProvider.System.LocalTimeZone.GetUtcOffset(time));

    /// <summary>From now on, for a while, the program takes these for being recorded.</summary>
    internal void Record(params string[] names) =>
        File.WriteAllText(
            Path.Combine(Folder, "status.json"),
            $$"""{"active": [{{string.Join(", ", names.Select(name => $"\"{name}\""))}}], "updated": "{{TimeProvider.System.GetUtcNow():O}}", "pid": {{Environment.ProcessId}}}""");
}
