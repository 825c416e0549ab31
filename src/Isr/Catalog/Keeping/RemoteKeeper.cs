using System.Net.Sockets;
using Isr.Recording;
using Isr.Recording.Journal;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Changes what is kept from a process that does not record. A recorder that runs does it, asked over its control socket. Without one
/// the state directory is taken here, for the moment of the change alone and not for as long as the page runs: so a recorder that is
/// started later finds it free, and nobody has to hand anything over.
/// </summary>
internal sealed partial class RemoteKeeper(
    KeepingOptions options, Func<Action<JournalEntry>, Keeper> createKeeper, Func<JournalWriter> createJournal, TimeProvider time, ILogger<RemoteKeeper> logger) : IKeeper, IDisposable
{
    /// <summary>A recorder that starts holds the directory before it listens.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>To empty a large trash takes a slow disk long.</summary>
    private static readonly TimeSpan s_answerPatience = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _oneAtATime = new(1);

    public async Task<KeepAnswer> DoAsync(KeepRequest request, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var began = time.GetTimestamp();
            while (true)
            {
                if (await TryAskAsync(request, cancellationToken) is { } answer)
                {
                    return answer;
                }

                if (StateLock.TryTake(options.StateDirectory, time, isForMoment: true, out var sentence, out var isHeld) is { } taken)
                {
                    using (taken)
                    {
                        return await DoHereAsync(request, cancellationToken);
                    }
                }

                if (!isHeld || time.GetElapsedTime(began) > s_patience)
                {
                    LogNobody(sentence);
                    return new KeepAnswer(KeepStatus.Unavailable, $"Nothing can be changed now, as this page neither reaches a recorder nor may write itself. {sentence}");
                }

                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<KeepAnswer> DoHereAsync(KeepRequest request, CancellationToken cancellationToken)
    {
        using var journal = createJournal();
        journal.Start();
        try
        {
            return await createKeeper(journal.Append).DoAsync(request, cancellationToken);
        }
        finally
        {
            await journal.StopAsync();
        }
    }

    /// <summary>Null when no recorder listens.</summary>
    private async Task<KeepAnswer?> TryAskAsync(KeepRequest request, CancellationToken cancellationToken)
    {
        using var address = new ControlAddress(options.StateDirectory);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            return new KeepAnswer(KeepStatus.Unavailable, "A recorder runs, but as another user: run the page as the same one to change anything.");
        }
        catch (SocketException)
        {
            // Nobody there, or what a crash left of somebody.
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_answerPatience);
        try
        {
            await ControlLine.SendAsync(socket, request, KeepingLines.Json.KeepRequest, patience.Token);
            return await ControlLine.ReceiveAsync(socket, KeepingLines.Json.KeepAnswer, patience.Token) ?? NoAnswer();
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return NoAnswer();
        }
    }

    /// <summary>It may be done or not: to do it again here would be a guess.</summary>
    private static KeepAnswer NoAnswer() => new(KeepStatus.Unavailable, "The recorder ended, or hangs, before it answered; look whether it has been done, and try again.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change could not be made: {Reason}")]
    private partial void LogNobody(string reason);
}
