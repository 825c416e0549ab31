using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace Isr.Recording.Journal;

/// <summary>
/// Hashes files after they were closed and writes the hash into the journal, each chained to the one before, together with
/// the lines of the journal that came in between.
/// A file's header is written last, so the hash cannot be kept while recording; the file is read back, from
/// the page cache as a rule.
/// </summary>
internal sealed partial class FileSealer(string stateDirectory, JournalWriter journal, ILogger<FileSealer> logger)
{
    private const int BlockBytes = 256 * 1024;

    private readonly Channel<(string Path, string Name, Action? After)> _queue = Channel.CreateUnbounded<(string, string, Action?)>(new() { SingleReader = true });
    private Task _sealing = Task.CompletedTask;
    private int _waiting;

    /// <summary>Files whose hash has not been taken yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Start(CancellationToken cancellationToken) => _sealing = Task.Run(() => SealAsync(cancellationToken), CancellationToken.None);

    /// <param name="path">The file.</param>
    /// <param name="name">What the journal calls it.</param>
    /// <param name="after">Called when it has been read, or could not be: from then on it may be moved.</param>
    public void Add(string path, string name, Action? after = null)
    {
        Interlocked.Increment(ref _waiting);
        _queue.Writer.TryWrite((path, name, after));
    }

    /// <summary>Seals what is waiting, until the token given at the start ends it.</summary>
    public Task StopAsync()
    {
        _queue.Writer.TryComplete();
        return _sealing;
    }

    /// <summary>The chain's next value.</summary>
    public static string Next(string chain, string name, string sha256, IReadOnlyList<JournalStretch?>? journal = null) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{chain}\n{name}\n{sha256}{string.Concat((journal ?? []).Select(stretch => $"\n{stretch}"))}")));

    private async Task SealAsync(CancellationToken cancellationToken)
    {
        try
        {
            var cover = JournalCover.Begin(stateDirectory);
            var chain = cover.LastChain;
            await foreach (var (path, name, after) in _queue.Reader.ReadAllAsync(cancellationToken))
            {
                if (await HashAsync(path, cancellationToken) is { } hash)
                {
                    var lines = cover.Advance();
                    chain = Next(chain, name, hash, lines);
                    journal.Append(new FileSealed(name, hash, chain) { Journal = lines });
                }

                Interlocked.Decrement(ref _waiting);
                after?.Invoke();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task<string?> HashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BlockBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSealed(path, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could not be read back for its hash: {Reason}")]
    private partial void LogNotSealed(string path, string reason);
}
