using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Isr.Tests.Support;

/// <summary>
/// A server on loopback that does to its clients exactly what a test's script says, byte for byte. A path
/// without a script is 404. A script that fails, other than by its client's leaving, fails the test at disposal.
/// </summary>
/// <param name="port">0 for any that is free.</param>
internal sealed class FaultServer(int port) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Func<FaultConnection, Task>> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FaultRequest> _requests = [];
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private Task _accepting = Task.CompletedTask;

    public FaultServer()
        : this(0) => Start();

    /// <summary>Starts one again where another was.</summary>
    public static FaultServer At(int port)
    {
        var server = new FaultServer(port);
        server.Start();
        return server;
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Everything that was asked, in order.</summary>
    public IReadOnlyCollection<FaultRequest> Requests => _requests;

    /// <summary>How long it has been up: where a live programme is.</summary>
    public TimeSpan Uptime => Stopwatch.GetElapsedTime(_started);

    public Uri Url(string path) => new($"http://127.0.0.1:{Port}{path}");

    /// <summary>Says what happens to those who ask for a path; replaces what was said before.</summary>
    public void Map(string path, Func<FaultConnection, Task> script) => _scripts[path] = script;

    /// <summary>How often a path was asked for.</summary>
    public int RequestsOf(string path) => _requests.Count(r => r.Path.Equals(path, StringComparison.Ordinal));

    /// <summary>How many conversations about a path are going on.</summary>
    public int OpenOf(string path) => _open.GetValueOrDefault(path);

    /// <summary>Waits until a path was asked for so often.</summary>
    public Task WaitForRequestsAsync(string path, int count, TimeSpan timeout) =>
        Wait.UntilAsync(() => RequestsOf(path) >= count, timeout, () => $"{path} was asked for {RequestsOf(path)} times, not {count}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_conversations);
        _stopping.Dispose();
    }

    private void Start()
    {
        _listener.Start(backlog: 512);
        _accepting = AcceptAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _conversations.Add(ConverseAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ConverseAsync(Socket socket)
    {
        await using var connection = new FaultConnection(this, socket, _stopping.Token);
        try
        {
            if (await connection.ReadRequestAsync() is not { } request)
            {
                return;
            }

            _open.AddOrUpdate(request.Path, 1, (_, n) => n + 1);
            _requests.Enqueue(request);
            try
            {
                await _scripts.GetValueOrDefault(request.Path, NotFoundAsync)(connection);
            }
            finally
            {
                _open.AddOrUpdate(request.Path, 0, (_, n) => n - 1);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client left, the script cut the connection, or the server stops.
        }
    }

    private static Task NotFoundAsync(FaultConnection connection) =>
        connection.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
}

/// <summary>What a client asked.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Headers">The last of each name; names in any case.</param>
internal sealed record FaultRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => Target.Split('?')[0];

    /// <summary>Whether titles were asked for.</summary>
    public bool WantsIcy => Headers.GetValueOrDefault("Icy-MetaData") is "1";
}
