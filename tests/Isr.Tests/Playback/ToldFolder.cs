using System.Globalization;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.Playback;

/// <summary>Recordings that a test writes, with what the journal tells of them, served by the program in this process.</summary>
internal sealed class ToldFolder : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private IHost? _host;

    /// <summary>When the first recording of each source began.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    public string Folder { get; }

    public int Port => new Uri(((WebApplication)_host!).Urls.First()).Port;

    public ToldFolder() => Folder = Directory.CreateDirectory(_directory.File("rec")).FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The journal then knows the recording.</summary>
    /// <param name="source">Whose.</param>
    /// <param name="name">The recording, which is there already.</param>
    /// <param name="at">When it began, in seconds.</param>
    /// <param name="samples">Per channel.</param>
    /// <param name="rate">In hertz.</param>
    /// <param name="channels">How many.</param>
    /// <param name="how">How it ended.</param>
    public void Tell(string source, string name, double at, long samples, int rate, int channels, string how = GapCause.Stopped)
    {
        var (start, end) = (Start.AddSeconds(at), Start.AddSeconds(at + ((double)samples / rate)));
        JournalFiles.Append(
            Path.Combine(Folder, ".isr"),
            new FileOpened(source, name, start, "Pcm", rate, channels, null) { At = start },
            new FileClosed(source, name, end, samples, new FileInfo(PathOf(name)).Length, how) { At = end });
    }

    public async Task BeginAsync()
    {
        _host = RunCommand.Build(Settings.ForFolder(Folder), new WebOptions { Port = 0 }, RunParts.Page, log: null);
        await _host.StartAsync(TestContext.Current.CancellationToken);

        // By then all is known that is in the folder.
        Assert.Equal(200, (await AskAsync("/api/files")).Status);
    }

    public Task<RawAnswer> AskAsync(string target, string method = "GET") => RawHttp.AskAsync(Port, method, target, "Host: localhost");

    /// <summary>From now on, for a while, the program takes these for being recorded.</summary>
    public void Record(params string[] names) => File.WriteAllText(
        PathOf("status.json"),
        $$"""{"active": [{{string.Join(", ", names.Select(name => $"\"{name}\""))}}], "updated": "{{TimeProvider.System.GetUtcNow():O}}", "pid": {{Environment.ProcessId}}}""");

    /// <summary>A moment as an address has it.</summary>
    public static string Utc(double seconds) => Start.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }

        _directory.Dispose();
    }
}
