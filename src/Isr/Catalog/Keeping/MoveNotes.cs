using System.Threading.Channels;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Has it written down when somebody gave recordings other names, while isr ran or before: marks then name the recordings as they are
/// called now, and the journal tells of which source they are.
/// </summary>
internal sealed partial class MoveNotes(CatalogUpdater updater, IKeeper keeper, ILogger<MoveNotes> logger) : BackgroundService
{
    /// <summary>So many go to the recorder at once.</summary>
    private const int MostAtOnce = 1000;

    private readonly Channel<IReadOnlyList<(string From, string To)>> _moves = Channel.CreateUnbounded<IReadOnlyList<(string From, string To)>>();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        updater.Renamed += Take;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        updater.Renamed -= Take;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await foreach (var moves in _moves.Reader.ReadAllAsync(stoppingToken))
            {
                foreach (var some in moves.Chunk(MostAtOnce))
                {
                    await NoteAsync(some, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private async Task NoteAsync((string From, string To)[] moves, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keeper.DoAsync(new NoteMoves([.. moves.Select(move => new RecordingMove(move.From, move.To))]), cancellationToken);
            if (!answer.IsDone)
            {
                LogNotNoted(moves.Length, moves[0].From, moves[0].To, answer.Sentence ?? "");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    private void Take(IReadOnlyList<(string From, string To)> moves) => _moves.Writer.TryWrite(moves);

    [LoggerMessage(Level = LogLevel.Error, Message = "That recordings have other names could not be written down")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} recordings have other names ({From} is now {To}), which cannot be written down: marks and sources stay with the names before. {Reason}")]
    private partial void LogNotNoted(int count, string from, string to, string reason);
}
