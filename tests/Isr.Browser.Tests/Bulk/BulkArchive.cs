using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Bulk;

/// <summary>Short recordings of three days, no two alike, and one that is being recorded; served by the built program. Tests do with it what they want.</summary>
internal sealed class BulkArchive : IAsyncDisposable
{
    public const int FewEachDay = 12;
    public const int Many = 230;

    /// <summary>The day of many, and two of few; files of the second are called after a gate.</summary>
    public static readonly DateOnly ManyDay = new(2026, 5, 20);
    public static readonly DateOnly GateDay = new(2026, 5, 21);
    public static readonly DateOnly LastDay = new(2026, 5, 22);

    private const int Rate = 8000;
    private const int Samples = 2000;

    private readonly ProgramFolder _folder = new();
    private readonly FaultServer _server = new();
    private IsrProgram? _program;

    private BulkArchive()
    {
    }

    public Uri Address => new(_program!.Http.BaseAddress!, "?view=recordings");

    public HttpClient Http => _program!.Http;

    /// <summary>Names of what was there from the start, with a hash of what is in each.</summary>
    public IReadOnlyDictionary<string, string> Files { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is there now, but for what is being recorded.</summary>
    public IReadOnlyDictionary<string, string> FilesNow() => _folder.Files().Where(f => Path.GetExtension(f) == ".wav" && !f.Contains("/.", StringComparison.Ordinal)).ToDictionary(
        f => Path.GetRelativePath(_folder.Recordings, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))), StringComparer.Ordinal);

    public static async Task<BulkArchive> StartAsync()
    {
        var archive = new BulkArchive();
        archive.Write(ManyDay, "hall", Many, TimeSpan.FromMinutes(1));
        archive.Write(GateDay, "gate", FewEachDay, TimeSpan.FromHours(1));
        archive.Write(LastDay, "hall", FewEachDay, TimeSpan.FromHours(1));
        archive.Files = archive.FilesNow();
        var mp3 = await TestAudio.Mp3Async();
        archive._server.Map("/live.mp3", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burstSeconds: 4);
        });
        archive._folder.Configure(1440, ("live", archive._server.Url("/live.mp3")));
        archive._program = IsrProgram.Start(archive._folder, ["run", "--config", archive._folder.Config], withPage: true);
        await archive._program.UntilServingAsync();
        await archive._program.UntilListedAsync("\"recording\":true");
        var listed = 0;
        await Wait.UntilAsync(
            async () =>
            {
                var files = await archive.Http.GetFromJsonAsync<JsonElement>(new Uri("api/files", UriKind.Relative), TestContext.Current.CancellationToken);
                return (listed = files.GetArrayLength()) == archive.Files.Count + 1;
            },
            TimeSpan.FromSeconds(20),
            () => $"{listed} files are listed, not {archive.Files.Count} and what is being recorded");
        return archive;
    }

    public async Task ProtectAsync(string name)
    {
        using var answer = await Http.PutAsJsonAsync(new Uri("api/marks/kept", UriKind.Relative), new { file = name, @protected = true }, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
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

    private void Write(DateOnly day, string folder, int count, TimeSpan apart)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Recordings, folder));
        for (var i = 0; i < count; i++)
        {
            var start = day.ToDateTime(new TimeOnly(6, 0)) + (i * apart);
            var sound = new byte[2 * Samples];
            new Random(start.GetHashCode()).NextBytes(sound);
            var name = string.Create(CultureInfo.InvariantCulture, $"{folder}/{start:yyyyMMdd_HHmmss}.wav");
            File.WriteAllBytes(Path.Combine(_folder.Recordings, name), WavBytes.File(WavBytes.Pcm, Rate, 1, 16, sound));
        }
    }
}
