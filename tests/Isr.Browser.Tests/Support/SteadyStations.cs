using System.Globalization;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>
/// Three mounts with one even sound, recorded by the program with files of three seconds. For each of them two pages have listened, all at the
/// same time: one over the joints of finished recordings, one to what was being recorded, some seconds behind, over its splits.
/// </summary>
public sealed class SteadyStations : IAsyncLifetime
{
    private const double SplitMinutes = 0.05;
    private const int Finished = 3;
    private static readonly TimeSpan s_listened = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_behind = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly (string Name, string Format, string Type)[] s_stations = [("flac", "flac", "audio/flac"), ("mp3", "mp3", "audio/mpeg"), ("opus", "opus", "audio/ogg")];

    private readonly Browser _browser = new();
    private readonly ProgramFolder _folder = new();
    private readonly List<Processes> _feeders = [];
    private readonly Dictionary<(string Source, bool Live), Listened> _heard = [];
    private IcecastServer? _icecast;
    private IsrProgram? _program;

    /// <summary>What was heard, live or of finished recordings.</summary>
    internal Listened Heard(string source, bool live) => _heard[(source, live)];

    public async ValueTask InitializeAsync()
    {
        _icecast = await IcecastServer.StartAsync();
        foreach (var (name, format, type) in s_stations)
        {
            var target = $"icecast://source:{IcecastServer.Password}@127.0.0.1:{_icecast.Port}/{name}";
            _feeders.Add(Processes.Start("ffmpeg", ["-nostdin", "-v", "warning", "-re", "-f", "lavfi", "-i", HeardSound.Graph, .. TestAudio.Codec(format), "-content_type", type, target]));
        }

        await Wait.UntilAsync(
            async () => (await Task.WhenAll(s_stations.Select(s => _icecast.IsLiveAsync("/" + s.Name)))).All(live => live),
            s_patience,
            () => string.Concat(_feeders.Select(f => f.Errors)));
        _folder.Configure(SplitMinutes, [.. s_stations.Select(s => (s.Name, _icecast.Url("/" + s.Name)))]);
        _program = IsrProgram.Start(_folder, ["run", "--config", _folder.Config], withPage: true);
        await Task.WhenAll(_program.UntilServingAsync(), _browser.InitializeAsync().AsTask());
        await Wait.UntilAsync(
            () => _program.HasExited ? throw new InvalidOperationException($"isr ended: {_program.Errors}") : s_stations.All(s => Closed(s.Name) >= Finished),
            s_patience,
            () => $"not all have files: {string.Join('\n', _folder.Journal())}\n{_program.Errors}");

        foreach (var (station, live, listened) in await Task.WhenAll(s_stations.SelectMany(s => new[] { ListenAsync(s.Name, live: false), ListenAsync(s.Name, live: true) })))
        {
            _heard[(station, live)] = listened;
        }
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

    private int Closed(string source) => _folder.Entries<FileClosed>().Count(c => c.Source == source);

    private async Task<(string Source, bool Live, Listened Heard)> ListenAsync(string source, bool live)
    {
        var from = live
            ? TimeProvider.System.GetUtcNow() - s_behind
            : _folder.Entries<FileOpened>().First(o => o.Source == source).Start + TimeSpan.FromSeconds(0.5);
        var place = $"?source={source}&at={from.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}&view=day";
        var (page, _) = await _browser.OpenAsync(new Uri(_program!.Http.BaseAddress!, place), before: HeardSound.KeepAsync);
        await page.Locator("main").WaitForAsync();
        await page.Keyboard.PressAsync(" ");
        await page.WaitForFunctionAsync("() => window.heard !== undefined");
        await Task.Delay(s_listened, TimeProvider.System, TestContext.Current.CancellationToken);
        return (source, live, new Listened(await HeardSound.OfAsync(page), await page.InnerTextAsync("[aria-label=Player]")));
    }
}

/// <summary>What a page let hear, and what stood in its player then.</summary>
internal sealed record Listened(HeardSound Sound, string Player);
