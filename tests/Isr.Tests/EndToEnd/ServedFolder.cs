using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.EndToEnd;

/// <summary>A folder of recordings made beforehand, served by the program in this process, and asked over a plain socket.</summary>
public sealed class ServedFolder : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private IHost? _host;
    private Uri? _address;

    public string Folder => _directory.File("recordings");

    public Uri Address => _address!;

    /// <summary>The bytes of every recording there.</summary>
    public byte[] Sound { get; private set; } = [];

    /// <summary>Names that are legal on disk and a trap in a URL or a header.</summary>
    internal static string[] OddNames { get; } =
    [
        "a b.mp3", "#1.mp3", "100%.mp3", "100%25.mp3", "q\"uote'd.mp3", "ünï 東京 🎙.mp3", "line\nfeed.mp3", "back\\slash.mp3", "semi;colon, =comma.mp3", "plus+and&.mp3",
        "sub folder/x...mp3",
    ];

    public async ValueTask InitializeAsync()
    {
        var made = await Processes.CheckAsync(
            "ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=duration=3:sample_rate=44100", "-c:a", "libmp3lame", "-b:a", "64k", "-y", _directory.File("secret.mp3")]);
        Assert.Equal("", made.Errors);
        Sound = await File.ReadAllBytesAsync(_directory.File("secret.mp3"));
        foreach (var name in OddNames.Concat(["20260521_101500.mp3", "20260522_101500.mp3", "news/20260523_000000.mp3", ".hidden.mp3", ".isr/inside.mp3", "ends.txt"]))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
            await File.WriteAllBytesAsync(Path.Combine(Folder, name), Sound);
            // All that no name dates is old.
            File.SetLastWriteTimeUtc(Path.Combine(Folder, name), new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        await File.WriteAllTextAsync(Path.Combine(Folder, "status.json"), "{}");
        File.CreateSymbolicLink(Path.Combine(Folder, "link-out.mp3"), _directory.File("secret.mp3"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "folder-out"), _directory.Path);
        WriteJournal();

        var settings = Settings.ForFolder(Folder);
        _host = RunCommand.Build(settings, new WebOptions { Port = 0 }, RunParts.Page, log: null);
        await _host.StartAsync();
        _address = new Uri(((WebApplication)_host).Urls.First());
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

    /// <summary>Sends the target as it is, unlike any HTTP library.</summary>
    internal Task<RawAnswer> AskAsync(string target, string method = "GET", string host = "localhost", params string[] headers) =>
        RawHttp.AskAsync(_address!.Port, method, target, [$"Host: {host}", .. headers]);

    /// <summary>The journal knows one file better than its bytes do.</summary>
    private void WriteJournal()
    {
        var start = new DateTimeOffset(2026, 5, 23, 0, 0, 0, TimeProvider.System.LocalTimeZone.GetUtcOffset(new DateTime(2026, 5, 23)));
        JournalEntry[] entries =
        [
            new FileOpened("news", "news/20260523_000000.mp3", start, "Mpeg", 44100, 2, null) { At = start },
            new FileClosed("news", "news/20260523_000000.mp3", start.AddSeconds(2), 2 * 44100, Sound.Length, "split") { At = start },
        ];
        var folder = Directory.CreateDirectory(JournalReader.DirectoryOf(Path.Combine(Folder, ".isr"))).FullName;
        File.WriteAllBytes(Path.Combine(folder, "2026-05-23.jsonl"), [.. entries.SelectMany(JournalLine.Format)]);
    }
}
