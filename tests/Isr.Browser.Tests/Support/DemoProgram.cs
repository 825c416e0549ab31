using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isr.Browser.Tests.Support;

/// <summary>The built program itself, running `isr demo` in a folder of its own.</summary>
public sealed partial class DemoProgram : IAsyncLifetime
{
    private const int SigTerm = 15;

    private readonly string _folder = Directory.CreateTempSubdirectory("isr-browser-").FullName;
    private readonly List<string> _output = [];
    private Process? _process;

    public Uri Address { get; private set; } = null!;

    public string Recordings => Path.Combine(_folder, "recordings");

    public async ValueTask InitializeAsync()
    {
        var port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/");
        _process = Process.Start(new ProcessStartInfo(Executable(), ["demo", "--port", $"{port}"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await UntilRecordingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _ = Kill(_process.Id, SigTerm);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException e)
            {
                _process.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"isr did not end within 15 s of SIGTERM:\n{Output()}", e);
            }
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task UntilRecordingAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if ((await http.GetStringAsync(new Uri("api/files", UriKind.Relative), limit.Token)).Contains("\"recording\":true", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException && !_process!.HasExited)
            {
                // Not listening yet.
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
            {
                throw new InvalidOperationException($"isr demo did not record:\n{Output()}", e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.Add(line.Data ?? "");
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return string.Join('\n', _output);
        }
    }

    /// <summary>artifacts/bin/Isr.Browser.Tests/CONFIGURATION is beside artifacts/bin/Isr/CONFIGURATION.</summary>
    private static string Executable()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Isr", own.Name, "isr");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
