using System.Globalization;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Live;

/// <summary>The program with a source that is recorded in files of six seconds; it can go away and come back under the same address.</summary>
public sealed class LiveProgram : IAsyncLifetime
{
    public const string Source = "news";

    private const double SplitMinutes = 0.1;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly FaultServer _server = new();
    private readonly ProgramFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private IsrProgram? _program;
    private int _port;

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public async ValueTask InitializeAsync()
    {
        var mp3 = await TestAudio.Mp3Async();
        _server.Map("/live.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burstSeconds: 4);
        });
        _folder.Configure(SplitMinutes, (Source, _server.Url("/live.mp3")));
        _port = IsrProgram.FreePort();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _program!.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
        _http.Dispose();
    }

    /// <summary>Returns as soon as it records and serves.</summary>
    public async Task StartAsync()
    {
        _program = IsrProgram.Start(_folder, ["run", "--config", _folder.Config, "--port", $"{_port}"], withPage: false);
        await Wait.UntilAsync(
            async () => (await GetAsync("api/files"))?.Contains("\"recording\":true", StringComparison.Ordinal) == true,
            s_patience,
            () => $"nothing is recorded and served: {_program.Errors}");
    }

    public async Task EndAsync()
    {
        await _program!.EndAsync(Signal.Interrupt);
        await _program.DisposeAsync();
    }

    /// <summary>Returns when a file has ended and another has begun.</summary>
    public async Task UntilSplitAsync()
    {
        var before = _folder.Entries<FileOpened>().Count;
        await Wait.UntilAsync(() => _folder.Entries<FileOpened>().Count > before, s_patience, "no other file has begun");
    }

    /// <summary>How many connections are told what happens.</summary>
    public async Task<int?> ListenersAsync()
    {
        const string Name = "isr_event_listeners ";
        var line = (await GetAsync("metrics"))?.Split('\n').FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? null : int.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
    }

    public async Task UntilListenersAsync(int count)
    {
        int? last = null;
        await Wait.UntilAsync(async () => (last = await ListenersAsync()) == count, s_patience, () => $"{last} listeners, not {count}");
    }

    /// <summary>Null while it does not answer.</summary>
    private async Task<string?> GetAsync(string path)
    {
        try
        {
            return await _http.GetStringAsync(new Uri(Address, path), TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or TaskCanceledException { InnerException: TimeoutException })
        {
            return null;
        }
    }
}
