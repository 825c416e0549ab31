using System.Text.Json;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Support;

/// <summary>
/// A <see cref="ReviewFolder"/>, served by the built program, which records a live source of its own besides where that is wanted.
/// </summary>
public sealed class ReviewArchive : IAsyncLifetime
{
    public const string Live = "live";

    // A folder with another name is measured anew: two days of sound.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly ProgramFolder _folder = new();
    private readonly FaultServer _server = new();
    private IsrProgram? _program;

    public Uri Address => _program!.Http.BaseAddress!;

    /// <summary>What is in the folder.</summary>
    internal ReviewFolder Folder { get; private set; } = null!;

    /// <summary>For questions to the API.</summary>
    internal HttpClient Http => _program!.Http;

    /// <summary>The whole day; yesterday unless it was set before the start.</summary>
    internal DateOnly? Day { get; init; }

    /// <summary>The recorder's zone, by its name; this computer's when null.</summary>
    internal string? Zone { get; init; }

    /// <summary>Whether something is being recorded now.</summary>
    internal bool HasLive { get; init; } = true;

    public async ValueTask InitializeAsync()
    {
        var zone = Zone is null ? TimeProvider.System.LocalTimeZone : TimeZoneInfo.FindSystemTimeZoneById(Zone);
        Folder = await ReviewFolder.WriteAsync(_folder.Recordings, Day ?? ReviewFolder.Yesterday(zone), zone);
        if (HasLive)
        {
            var mp3 = await TestAudio.Mp3Async();
            _server.Map("/live.mp3", async c =>
            {
                await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
                await c.SendLiveAsync(mp3, burstSeconds: 4);
            });
            _folder.Configure(1440, (Live, _server.Url("/live.mp3")));
        }

        await StartAsync();
    }

    /// <summary>Ends the program, does that, and starts it again, at another address.</summary>
    internal async Task RestartAsync(Action meanwhile)
    {
        await _program!.EndAsync(Signal.Interrupt);
        await _program.DisposeAsync();
        meanwhile();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        string[] words = HasLive ? ["run", "--config", _folder.Config] : ["web", "--dir", _folder.Recordings];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Zone is not null)
        {
            environment["TZ"] = Zone;
        }

        _program = IsrProgram.Start(_folder, words, withPage: true, environment);
        await _program.UntilServingAsync();
        await UntilAnalysedAsync();
        if (HasLive)
        {
            await _program.UntilListedAsync("\"recording\":true");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>An answer of the API, such as "api/days".</summary>
    internal async Task<JsonElement> AskAsync(string address)
    {
        using var answer = await Http.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Waits until the levels of everything are known.</summary>
    internal async Task UntilAnalysedAsync()
    {
        JsonElement sections = default;
        JsonElement files = default;
        await Wait.UntilAsync(
            async () =>
            {
                sections = await AskAsync($"api/sections?from={Folder.Day.AddDays(-1):yyyy-MM-dd}&to={Folder.Day:yyyy-MM-dd}");
                files = await AskAsync($"api/files?to={Folder.Day:yyyy-MM-dd}");
                return sections.GetProperty("pending").GetArrayLength() == 0
                    && files.EnumerateArray().All(f => f.GetProperty("cached_analysis").ValueKind != JsonValueKind.Null);
            },
            s_patience,
            () => $"not analysed: {sections} {files} {_program!.Errors}");
    }
}
