using System.Net;
using System.Text;
using System.Text.Json;
using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.Catalog.Keeping;

/// <summary>A folder of recordings that may be changed, and the page over it in this process.</summary>
internal sealed class KeptFolder : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http = new();
    private IHost? _host;

    public string Folder => _directory.File("rec");

    /// <summary>To be set before the page begins.</summary>
    public string State
    {
        get => field ?? Path.Combine(Folder, ".isr");
        set;
    }

    /// <summary>Whether this process records, too, and so keeps the index. To be set before it begins.</summary>
    public bool IsRecorder { get; set; }

    public Uri Page => new(((WebApplication)_host!).Urls.First());

    public List<JournalEntry> Journal => [.. JournalReader.Days(State).SelectMany(JournalReader.Read)];

    public static async Task<KeptFolder> StartAsync(params string[] names)
    {
        var folder = new KeptFolder();
        Directory.CreateDirectory(folder.Folder);
        foreach (var name in names)
        {
            folder.Write(name);
        }

        await folder.BeginAsync();
        return folder;
    }

    /// <summary>The journal knows these recordings: a hundred seconds each, one after the other.</summary>
    public static async Task<KeptFolder> StartToldAsync(params string[] names)
    {
        var folder = new KeptFolder();
        for (var i = 0; i < names.Length; i++)
        {
            folder.Write(names[i]);
            folder.Tell(names[i], "news", new DateTimeOffset(2026, 5, 23, 12, 0, 0, TimeSpan.Zero).AddSeconds(100 * i), 100);
        }

        await folder.BeginAsync();
        return folder;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), Encoding.UTF8.GetBytes($"sound of {name}"));
    }

    public async Task BeginAsync()
    {
        var settings = Settings.ForFolder(Folder);
        _host = RunCommand.Build(settings with { General = settings.General with { StateDirectory = State } }, new WebOptions { Port = 0 }, IsRecorder ? RunParts.All : RunParts.Page, log: null);
        await _host.StartAsync(TestContext.Current.CancellationToken);

        // Waits for the first look at the folder.
        using var list = await SendAsync("GET", "/api/files");
    }

    public async Task EndAsync()
    {
        await _host!.StopAsync(TestContext.Current.CancellationToken);
        _host.Dispose();
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> AskAsync(string method, string target, string? body = null)
    {
        using var answer = await SendAsync(method, target, body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(text);
        if (!answer.IsSuccessStatusCode)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.NotEmpty(json.RootElement.GetProperty("error").GetString()!);
        }

        return (answer.StatusCode, json.RootElement.Clone());
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string target, string? body = null, string? tag = null, bool streamed = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Page, target));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (tag is not null)
        {
            request.Headers.Add("If-None-Match", tag);
        }

        return await _http.SendAsync(request, streamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _http.Dispose();
        _directory.Dispose();
    }

    /// <summary>The journal knows when it was recorded: so many seconds.</summary>
    public void Tell(string name, string source, DateTimeOffset start, double seconds) => JournalFiles.Append(
        State,
        new FileOpened(source, name, start, "Mpeg", 1000, 1, null) { At = start },
        new FileClosed(source, name, start.AddSeconds(seconds), (long)(seconds * 1000), new FileInfo(PathOf(name)).Length, "split") { At = start.AddSeconds(seconds) });
}
