using System.Security.Cryptography;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Docs;

/// <summary>
/// Where commands of the docs are run: a folder with a config.ini of two streams of a real station, recordings of May 2026, `isr` on the path, and a running isr
/// whose page stands for the one on port 8080.
/// </summary>
public sealed class DocumentedFolder : IAsyncDisposable
{
    private static readonly (string Name, int Seconds)[] s_recordings =
    [
        ("news/20260521_220000.flac", 60), ("news/20260523_220000.flac", 3600), ("news/20260523_230000.flac", 900),
    ];

    private readonly ProgramFolder _folder = new();
    private readonly SemaphoreSlim _once = new(1);
    private IsrProgram? _program;

    /// <summary>Runs what stands in a fence, as bash does; nothing but the page's address is another.</summary>
    internal async Task<ProcessResult> RunAsync(string code, Uri station)
    {
        await StartAsync(station);
        var before = Directory.GetFileSystemEntries(_folder.Path);
        var page = _program!.Http.BaseAddress!.ToString().TrimEnd('/');
        var result = await RunAsync(_folder, code.Replace("http://localhost:8080", page).Replace("http://127.0.0.1:8080", page));

        // What one leaves must not be in the way of the next.
        foreach (var path in Directory.GetFileSystemEntries(_folder.Path).Except(before, StringComparer.Ordinal))
        {
            Delete(path);
        }

        return result;
    }

    /// <summary>The same in a folder in which nothing runs.</summary>
    internal static async Task<ProcessResult> RunAloneAsync(string code, Uri station)
    {
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", station));
        return await RunAsync(folder, code);
    }

    /// <summary>Starts what goes on, waits until it does what it is for, and ends it.</summary>
    internal static async Task<ProcessResult> StartAndEndAsync(string code, Uri station)
    {
        Assert.Matches("^isr [^\n|;&]+$", code);
        using var folder = new ProgramFolder();
        folder.Configure(60, ("news", station));
        Directory.CreateDirectory(folder.Recordings);

        // Who is to be reached from other computers needs one.
        await RunAsync(folder, "echo 'correct horse battery staple' | isr password --stdin");
        var words = code.Split(' ')[1..].Where(word => word is not ("--port" or "8081")).ToArray();
        var isPage = words[0] != "record";
        await using var program = IsrProgram.Start(folder, words, isPage);
        if (isPage)
        {
            await Wait.UntilAsync(() => AnswersAsync(program), TimeSpan.FromSeconds(20), () => $"`{code}` serves nothing: {program.Errors}");
        }

        if (words[0] != "web")
        {
            await program.UntilRecordingAsync(folder);
        }

        return (await program.EndAsync(Signal.Interrupt)).Result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        _folder.Dispose();
        _once.Dispose();
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static async Task<bool> AnswersAsync(IsrProgram program)
    {
        try
        {
            using var answer = await program.Http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException) when (!program.HasExited)
        {
            return false;
        }
    }

    private static async Task<ProcessResult> RunAsync(ProgramFolder folder, string code)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = $"{Path.GetDirectoryName(IsrProgram.Executable())}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = folder.Path,
        };
        await using var process = Processes.Start("/bin/bash", ["-euo", "pipefail", "-c", code], folder.Path, environment: environment);
        process.Input.Close();
        await Wait.UntilAsync(() => process.HasExited, TimeSpan.FromSeconds(60), () => $"it does not end: {process.Text}{process.Errors}");
        return await process.WaitAsync(TestContext.Current.CancellationToken);
    }

    private async Task StartAsync(Uri station)
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_program is null)
            {
                await MakeRecordingsAsync();
                _folder.Configure(60, ("news", station), ("radio", station));
                var program = IsrProgram.Start(_folder, ["run"], withPage: true);
                await program.UntilServingAsync();
                await program.UntilListedAsync("20260521_220000");
                await program.UntilListedAsync("\"recording\":true");
                _program = program;
            }
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task MakeRecordingsAsync()
    {
        List<JournalEntry> journal = [];
        var chain = "";
        foreach (var (name, seconds) in s_recordings)
        {
            var path = Path.Combine(_folder.Recordings, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await Processes.CheckAsync(
                "ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", $"anoisesrc=r=8000:color=pink:amplitude=0.05:seed=1:duration={seconds}", "-sample_fmt", "s16", "-c:a", "flac", path]);
            var local = DateTime.ParseExact(Path.GetFileNameWithoutExtension(name), "yyyyMMdd_HHmmss", null);
            var start = new DateTimeOffset(local, TimeProvider.System.LocalTimeZone.GetUtcOffset(local));
            journal.Add(new FileOpened("news", name, start, "Flac", 8000, 1, null) { At = start });
            journal.Add(new FileClosed("news", name, start.AddSeconds(seconds), seconds * 8000L, new FileInfo(path).Length, "split") { At = start.AddSeconds(seconds) });
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)));
            chain = FileSealer.Next(chain, name, sha256);
            journal.Add(new FileSealed(name, sha256, chain) { At = start.AddSeconds(seconds) });
        }

        var folder = Directory.CreateDirectory(JournalReader.DirectoryOf(_folder.StateDirectory)).FullName;
        foreach (var day in journal.GroupBy(entry => entry.At.UtcDateTime.Date))
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{day.Key:yyyy-MM-dd}.jsonl"), [.. day.SelectMany(JournalLine.Format)], TestContext.Current.CancellationToken);
        }
    }
}
