using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program as a process of its own.</summary>
internal sealed partial class IsrProgram : IAsyncDisposable
{
    /// <summary>What the program promises for its end.</summary>
    public static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    private readonly Processes _process;

    private IsrProgram(Processes process, int port)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Whether it was built with its page.</summary>
    public static bool HasPage =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(Executable())!, "isr.staticwebassets.endpoints.json")).Contains("index.html", StringComparison.Ordinal);

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Errors => _process.Errors;

    /// <summary>Bytes of memory that it holds now.</summary>
    public long ResidentBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>Starts it, with a free port where it serves the page.</summary>
    public static IsrProgram Start(ProgramFolder folder, string[] words, bool withPage = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        var port = FreePort();
        string[] all = ["--default-signal=INT", Executable(), .. words, .. withPage ? ["--port", $"{port}"] : Array.Empty<string>()];

        // A shell makes its background jobs ignore SIGINT, and children inherit that: env takes it back.
        return new IsrProgram(Processes.Start("/usr/bin/env", all, folder.Path, environment: environment), port);
    }

    /// <summary>Runs it to an end that it finds by itself.</summary>
    public static async Task<ProcessResult> RunAsync(ProgramFolder folder, params string[] words)
    {
        await using var program = Start(folder, words);
        return await program.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<ProcessResult> WaitAsync(TimeSpan limit)
    {
        await Wait.UntilAsync(() => _process.HasExited, limit, () => $"isr still runs: {_process.Errors}");
        return await _process.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends the signal and waits for the end, which must come in time.</summary>
    public async Task<(ProcessResult Result, TimeSpan Took)> EndAsync(Signal signal)
    {
        var started = Stopwatch.GetTimestamp();
        _process.Signal(signal);
        var result = await WaitAsync(EndsWithin);
        return (result, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Sends the signal and waits for nothing.</summary>
    public void Send(Signal signal) => _process.Signal(signal);

    public void Kill() => _process.Kill();

    /// <summary>Waits until it answers.</summary>
    public Task UntilServingAsync() => Wait.UntilAsync(
        async () =>
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri("/api/status", UriKind.Relative), TestContext.Current.CancellationToken);
                return answer.IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or SocketException && !HasExited)
            {
                // The second is thrown where a connection breaks as it opens: HttpClient asks it for its address.
                return false;
            }
        },
        TimeSpan.FromSeconds(20),
        () => $"the page is not served: {Errors}");

    /// <summary>Waits until the list of recordings says so.</summary>
    public Task UntilListedAsync(string text) => Wait.UntilAsync(
        async () => (await Http.GetStringAsync(new Uri("/api/files", UriKind.Relative), TestContext.Current.CancellationToken)).Contains(text, StringComparison.Ordinal),
        TimeSpan.FromSeconds(10),
        () => $"{text} is not listed: {Errors}");

    /// <summary>Waits until so many files hold sound.</summary>
    public Task UntilRecordingAsync(ProgramFolder folder, int files = 1) => Wait.UntilAsync(
        () => HasExited ? throw new InvalidOperationException($"isr ended: {Errors}") : folder.Files().Count(f => new FileInfo(f).Length > 20_000) >= files,
        TimeSpan.FromSeconds(20),
        () => $"{string.Join(' ', folder.Files())} are not {files} files with sound: {Errors}");

    /// <summary>How many TCP ports it listens on.</summary>
    public int ListeningPorts()
    {
        var own = Directory.EnumerateFiles($"/proc/{_process.Id}/fd")
            .Select(fd => SocketInode().Match(new FileInfo(fd).LinkTarget ?? ""))
            .Where(m => m.Success)
            .Select(m => m.Groups[1].Value)
            .ToHashSet(StringComparer.Ordinal);

        // Columns: number, local, remote, state (0A listens), queues, timer, retransmissions, user, timeout, inode.
        return new[] { "tcp", "tcp6" }
            .SelectMany(family => File.ReadLines($"/proc/{_process.Id}/net/{family}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns[3] == "0A" && own.Contains(columns[9]));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>artifacts/bin/Isr.Tests/CONFIGURATION is beside artifacts/bin/Isr/CONFIGURATION.</summary>
    public static string Executable()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Isr", own.Name, "isr");
    }

    [GeneratedRegex(@"^socket:\[(\d+)\]$")]
    private static partial Regex SocketInode();
}
