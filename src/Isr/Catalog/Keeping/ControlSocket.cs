using System.Net.Sockets;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Takes changes from other processes of the same user: a page, `isr retention`. Nothing that comes here, or does not come, concerns
/// the recording.
/// </summary>
internal sealed partial class ControlSocket(KeepingOptions options, Keeper keeper, TimeProvider time, ILogger<ControlSocket> logger) : BackgroundService
{
    private const int MaxWaiting = 16;
    private const int MaxAtOnce = 8;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var address = new ControlAddress(options.StateDirectory);
        using var socket = TryListen(address);
        if (socket is null)
        {
            return;
        }

        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.RemoveAll(task => task.IsCompleted);
                if (serving.Count == MaxAtOnce)
                {
                    await Task.WhenAny(serving).WaitAsync(stoppingToken);
                    continue;
                }

                if (await TryAcceptAsync(socket, stoppingToken) is { } accepted)
                {
                    serving.Add(ServeAsync(accepted, stoppingToken));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(serving);
            File.Delete(address.Path);
        }
    }

    private Socket? TryListen(ControlAddress address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Whoever holds the state directory is alone here: what has the name was left behind by a crash.
            File.Delete(address.Path);
            socket.Bind(address.EndPoint);

            // Before anybody can connect.
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(address.Path, OwnerAlone);
            }

            socket.Listen(MaxWaiting);
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            LogNotListening(address.Path, e.Message);
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Null when it failed: where too many files are open, a moment later it may not.</summary>
    private async Task<Socket?> TryAcceptAsync(Socket socket, CancellationToken stoppingToken)
    {
        try
        {
            return await socket.AcceptAsync(stoppingToken);
        }
        catch (SocketException e)
        {
            LogNotAccepted(e.Message);
            await Task.Delay(s_pause, time, stoppingToken);
            return null;
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            patience.CancelAfter(ControlLine.Patience);
            var request = await ControlLine.ReceiveAsync(socket, KeepingLines.Json.KeepRequest, patience.Token);
            patience.CancelAfter(Timeout.Infinite);
            var answer = request is null ? new KeepAnswer(KeepStatus.Invalid, "This isr does not understand that; the other one may be of another version.")
                : await keeper.DoAsync(request, stoppingToken);
            patience.CancelAfter(ControlLine.Patience);
            await ControlLine.SendAsync(socket, answer, KeepingLines.Json.KeepAnswer, patience.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It went, or was too slow: its own affair.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
        finally
        {
            socket.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be listened on ({Reason}): a page of another process can delete and mark nothing while this one records")]
    private partial void LogNotListening(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection from another process could not be taken: {Reason}")]
    private partial void LogNotAccepted(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A change that another process asked for failed")]
    private partial void LogFailed(Exception exception);
}
