using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Support;

/// <summary>
/// Three mounts with one even sound, recorded by the program with files of six seconds. Pages have listened over two joints: to what was
/// recorded already, and of one source to what was being recorded, six seconds behind.
/// </summary>
public sealed class SteadyStations : IAsyncLifetime
{
    /// <summary>The one that is listened to while it is recorded.</summary>
    public const string Live = "mp3";

    private const double SplitMinutes = 0.1;

    /// <summary>A file between two joints, something before and something after.</summary>
    private static readonly TimeSpan s_listened = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan s_beforeJoint = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_behind = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly (string Name, string Format, string Type)[] s_stations = [("flac", "flac", "audio/flac"), ("mp3", "mp3", "audio/mpeg"), ("opus", "opus", "audio/ogg")];

    private readonly Browser _browser = new();
    private readonly ProgramFolder _folder = new();
    private readonly List<Processes> _feeders = [];
    private readonly Dictionary<(string Source, bool Live), HeardSound> _heard = [];
    private IcecastServer? _icecast;
    private IsrProgram? _program;
    private Task? _listening;

    /// <summary>Nothing until something is wanted: its tests run only when they are asked for.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>What was heard, live or of finished recordings.</summary>
    internal async Task<HeardSound> HeardAsync(string source, bool live)
    {
        await (_listening ??= ListenToAllAsync());
        return _heard[(source, live)];
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

    private async Task ListenToAllAsync()
    {
        _icecast = await IcecastServer.StartAsync();
        foreach (var (name, format, type) in s_stations)
        {
            _feeders.Add(HeardSound.Feed(_icecast, name, format, type));
        }

        await Wait.UntilAsync(
            async () => (await Task.WhenAll(s_stations.Select(s => _icecast.IsLiveAsync("/" + s.Name)))).All(live => live),
            s_patience,
            () => string.Concat(_feeders.Select(f => f.Errors)));
        _folder.Configure(SplitMinutes, [.. s_stations.Select(s => (s.Name, _icecast.Url("/" + s.Name)))]);
        _program = IsrProgram.Start(_folder, ["run", "--config", _folder.Config], withPage: true);
        await Task.WhenAll(_program.UntilServingAsync(), _browser.InitializeAsync().AsTask());
        foreach (var (station, live, sound) in await Task.WhenAll([ListenAsync(Live, live: true), .. s_stations.Select(s => ListenAsync(s.Name, live: false))]))
        {
            _heard[(station, live)] = sound;
        }
    }

    private async Task<(string Source, bool Live, HeardSound Heard)> ListenAsync(string source, bool live)
    {
        await UntilOpenedAsync(source, files: 2);
        var from = Opened(source)[1].Start - s_beforeJoint;
        var page = await HeardSound.OpenAsync(_browser, _program!.Http.BaseAddress!, source, from);
        await (live ? Wait.UntilAsync(() => TimeProvider.System.GetUtcNow() >= from + s_behind, s_patience, "") : UntilOpenedAsync(source, files: 3));

        return (source, live, await HeardSound.ListenAsync(page, s_listened));
    }

    private Task UntilOpenedAsync(string source, int files) => Wait.UntilAsync(
        () => _program!.HasExited ? throw new InvalidOperationException($"isr ended: {_program.Errors}") : Opened(source).Count >= files,
        s_patience,
        () => $"{source} has no {files} files: {string.Join('\n', _folder.Journal())}\n{_program!.Errors}");

    private List<FileOpened> Opened(string source) => [.. _folder.Entries<FileOpened>().Where(o => o.Source == source)];
}
