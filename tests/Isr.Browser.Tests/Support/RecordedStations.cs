using System.Buffers.Binary;
using System.Collections.Concurrent;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>
/// One mount for each format, recorded by the program with files of six seconds. Chromium has played one finished and
/// one growing file of each, all at the same time; the tests look at what it found.
/// </summary>
public sealed class RecordedStations : IAsyncLifetime
{
    private const double SplitMinutes = 0.1;

    /// <summary>A growing file should have something to play, and not end before it was played.</summary>
    private static readonly TimeSpan s_youngest = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan s_oldest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Mounts, which are the sources' names too, and what ffmpeg is told to send.</summary>
    private static readonly (string Name, string Format, int Kilobits)[] s_stations =
    [
        ("mp3", "mp3", 128), ("aac", "adts", 128), ("vorbis", "ogg", 0), ("opus", "opus", 96), ("oggflac", "oggflac", 0), ("flac", "flac", 0),
    ];

    /// <summary>Those that pages listen to; they send a sound of which every moment is known.</summary>
    private static readonly Dictionary<string, string> s_listenedTo = new(StringComparer.Ordinal) { ["mp3"] = "audio/mpeg", ["flac"] = "audio/flac" };

    /// <summary>The player begins with the next file a second before it is due.</summary>
    private static readonly TimeSpan s_beforeJoint = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_listened = TimeSpan.FromSeconds(4.5);

    private readonly Browser _browser = new();
    private readonly List<Processes> _feeders = [];
    private readonly ProgramFolder _folder = new();
    private readonly ConcurrentDictionary<string, PlayedFile> _finished = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PlayedFile> _growing = new(StringComparer.Ordinal);
    private IcecastServer? _icecast;
    private IsrProgram? _program;

    internal PlayedFile Finished(string source) => _finished[source];

    internal PlayedFile Growing(string source) => _growing[source];

    /// <summary>What comes out of pages, sample by sample, each of which plays one of the sources over a joint.</summary>
    internal async Task<IReadOnlyList<(string Source, HeardSound Sound)>> ListenAsync() => await Task.WhenAll(s_listenedTo.Keys.Select(ListenAsync));

    public async ValueTask InitializeAsync()
    {
        _icecast = await IcecastServer.StartAsync();
        await Task.WhenAll(s_stations.Select((s, i) => s_listenedTo.TryGetValue(s.Name, out var type)
            ? FeedSteadilyAsync(s.Name, s.Format, type)
            : _icecast.FeedAsync("/" + s.Name, s.Format, s.Kilobits, seed: i + 1)));
        _folder.Configure(SplitMinutes, [.. s_stations.Select(s => (s.Name, _icecast.Url("/" + s.Name)))]);
        _program = IsrProgram.Start(_folder, ["run", "--config", _folder.Config], withPage: true);
        await _program.UntilServingAsync();
        await _browser.InitializeAsync();
        var (page, _) = await _browser.OpenAsync(_program.Http.BaseAddress!);

        await UntilAllAsync(name => Closed(name) is not null, "have a file from split to split");
        await Task.WhenAll(s_stations.Select(async s =>
        {
            var closed = Closed(s.Name)!;
            var opened = Opened(s.Name).First(o => o.File == closed.File);
            _finished[s.Name] = await PlayAsync(page, opened, (double)closed.Samples / opened.SampleRate);
        }));

        await UntilAllAsync(name => Age(Opened(name)[^1]) is var age && age > s_youngest && age < s_oldest, "have a file of some seconds");
        await Task.WhenAll(s_stations.Select(async s => _growing[s.Name] = await PlayAsync(page, Opened(s.Name)[^1], seconds: null)));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        foreach (var feeder in _feeders)
        {
            await feeder.DisposeAsync();
        }

        if (_icecast is not null)
        {
            await _icecast.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task FeedSteadilyAsync(string name, string format, string type)
    {
        var feeder = HeardSound.Feed(_icecast!, name, format, type);
        _feeders.Add(feeder);
        await Wait.UntilAsync(() => _icecast!.IsLiveAsync("/" + name), s_patience, () => $"{name} did not go live: {feeder.Errors}");
    }

    private async Task<(string Source, HeardSound Sound)> ListenAsync(string source)
    {
        var page = await HeardSound.OpenAsync(_browser, _program!.Http.BaseAddress!, source, Opened(source)[1].Start - s_beforeJoint);
        var sound = await HeardSound.ListenAsync(page, s_listened);
        await page.Context.CloseAsync();
        return (source, sound);
    }

    private static TimeSpan Age(FileOpened file) => TimeProvider.System.GetUtcNow() - file.Start;

    private List<FileOpened> Opened(string source) => [.. _folder.Entries<FileOpened>().Where(o => o.Source == source)];

    /// <summary>The second file: the first begins anywhere, with a connection's burst.</summary>
    private FileClosed? Closed(string source) => _folder.Entries<FileClosed>().Where(c => c.Source == source).ElementAtOrDefault(1);

    private Task UntilAllAsync(Func<string, bool> condition, string what) => Wait.UntilAsync(
        () => _program!.HasExited ? throw new InvalidOperationException($"isr ended: {_program.Errors}") : s_stations.All(s => condition(s.Name)),
        s_patience,
        () => $"not all {what}: {string.Join('\n', _folder.Journal())}\n{_program!.Errors}");

    /// <summary>
    /// Loads a file into an element of its own, seeks to its middle and plays from there to its end; all in one
    /// script, whose steps each give up after some seconds.
    /// </summary>
    private async Task<PlayedFile> PlayAsync(IPage page, FileOpened file, double? seconds)
    {
        var asked = Age(file).TotalSeconds;
        var played = await page.EvaluateAsync<PlayedFile>(
            """
            async url => {
              const audio = new Audio();
              const event = (name, limit = 8000) => new Promise((done, fail) => {
                const timer = setTimeout(() => fail(new Error(`no ${name}; at ${audio.currentTime} of ${audio.duration}`)), limit);
                audio.addEventListener(name, () => { clearTimeout(timer); done(performance.now()); }, { once: true });
                audio.addEventListener("error", () => fail(new Error(`${audio.error.code}: ${audio.error.message}`)), { once: true });
              });
              const file = { type: (await fetch(url, { method: "HEAD" })).headers.get("content-type") };
              try {
                const loaded = event("loadedmetadata");
                audio.muted = true;
                audio.preload = "auto";
                audio.src = url;
                await loaded;
                file.duration = Number.isFinite(audio.duration) ? audio.duration : -1;

                const seeked = event("seeked");
                file.middle = file.duration / 2;
                audio.currentTime = file.middle;
                await seeked;
                file.landed = audio.currentTime;

                const playing = event("playing");
                const ended = event("ended", 15000);
                ended.catch(() => {});
                await audio.play();
                const began = await playing;
                file.playedSeconds = (await ended - began) / 1000;
                file.endedAt = audio.currentTime;
              } catch (error) {
                file.failure = String(error);
              }
              audio.removeAttribute("src");
              audio.load();
              return file;
            }
            """,
            $"/stream/{file.File}");
        return played with { Seconds = seconds ?? asked, PreSkip = PreSkip(_folder.File("recordings", file.File)) };
    }

    /// <summary>What an Opus file plays before its sound begins (RFC 7845 section 5.1); 0 for all others.</summary>
    private static double PreSkip(string path)
    {
        Span<byte> head = stackalloc byte[64];
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.Read(file, head, 0);
        return head[..length].IndexOf("OpusHead"u8) is >= 0 and var at ? BinaryPrimitives.ReadUInt16LittleEndian(head[(at + 10)..]) / 48000.0 : 0;
    }
}

/// <summary>What Chromium made of a file.</summary>
internal sealed record PlayedFile
{
    /// <summary>How long it is: what the journal says, or, while it grew, its age when it was loaded.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds that only prepare the decoder; Chromium counts them to the duration.</summary>
    public double PreSkip { get; init; }

    public string? Type { get; init; }

    /// <summary>As Chromium shows it; -1 when it is not finite.</summary>
    public double Duration { get; init; }

    public double Middle { get; init; }

    public double Landed { get; init; }

    /// <summary>How long it played from the middle to the end.</summary>
    public double PlayedSeconds { get; init; }

    public double EndedAt { get; init; }

    /// <summary>What did not happen; null when all did.</summary>
    public string? Failure { get; init; }
}
