using System.Globalization;
using System.Threading.Channels;
using Isr.Instruments;

namespace Isr.Recording.Journal;

/// <summary>
/// Appends facts to journal/YYYY-MM-DD.jsonl (the day is UTC's). Recording never waits for it: entries queue, one task
/// writes them at once, so that a crash of the program finds them there, and another makes them durable. While the disk
/// refuses them they stay queued.
/// </summary>
internal sealed partial class JournalWriter(string stateDirectory, TimeProvider time, ILogger<JournalWriter> logger) : IDisposable
{
    private const int MaxQueued = 100_000;
    private static readonly TimeSpan s_syncPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);

    private readonly Channel<JournalEntry> _queue = Channel.CreateBounded<JournalEntry>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _written = new(0, 1);
    private Task _writing = Task.CompletedTask;
    private Task _syncing = Task.CompletedTask;
    private volatile string? _unsynced;
    private bool _fails;

    /// <summary>Entries that no disk has taken yet, as far as they are not being written at this moment.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>How long the disk took to make entries durable.</summary>
    public DurationHistogram Syncs { get; } = new("isr_journal_sync_duration_seconds", "How long the disk took to make the journal's lines durable (fsync).", [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30]);

    /// <summary>Raised for every entry as it is queued, on the thread that queued it.</summary>
    public event Action<JournalEntry>? Appended;

    public void Start()
    {
        _writing = Task.Run(WriteAsync);
        _syncing = Task.Run(SyncAsync);
    }

    public void Append(JournalEntry entry)
    {
        entry = entry with { At = time.GetUtcNow() };
        _queue.Writer.TryWrite(entry);
        Appended?.Invoke(entry);
    }

    /// <summary>Writes what is queued and ends; a second call changes nothing.</summary>
    public async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writing;
        Signal();
        await _syncing;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _written.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<JournalEntry>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            while (!TryWrite(batch) && !_stopping.IsCancellationRequested)
            {
                await PauseAsync(s_retry);
            }

            batch.Clear();
            Signal();
        }
    }

    /// <summary>Makes what was written durable, a few times a second at most: the disk may be slow about it.</summary>
    private async Task SyncAsync()
    {
        do
        {
            await _written.WaitAsync();
            if (Interlocked.Exchange(ref _unsynced, null) is { } path)
            {
                TrySync(path);
            }

            await PauseAsync(s_syncPeriod);
        }
        while (!_writing.IsCompleted || _unsynced is not null);
    }

    private void Signal()
    {
        try
        {
            _written.Release();
        }
        catch (SemaphoreFullException)
        {
            // Seen with what came before.
        }
    }

    private void TrySync(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var began = time.GetTimestamp();
            RandomAccess.FlushToDisk(file);
            Syncs.Record(time.GetElapsedTime(began));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotDurable(path, e.Message);
        }
    }

    /// <summary>Ends at once when the program stops.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private bool TryWrite(List<JournalEntry> batch)
    {
        try
        {
            var directory = Directory.CreateDirectory(JournalReader.DirectoryOf(stateDirectory)).FullName;
            while (batch.Count > 0)
            {
                var day = batch.GroupBy(entry => entry.At.UtcDateTime.Date).First();
                var path = Path.Combine(directory, day.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".jsonl");
                // Unbuffered: a buffer would try again, on closing, what the disk has refused.
                using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                EndOnWholeLine(file);
                WriteOrUndo(file, [.. day.SelectMany(JournalLine.Format)]);
                batch.RemoveAll(entry => entry.At.UtcDateTime.Date == day.Key);
                if (Interlocked.Exchange(ref _unsynced, path) is { } other && other != path)
                {
                    // Midnight: the day that ended is made durable here.
                    TrySync(other);
                }
            }

            if (_fails)
            {
                _fails = false;
                LogWorksAgain();
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_fails)
            {
                _fails = true;
                LogFails(stateDirectory, e.Message);
            }

            return false;
        }
    }

    /// <summary>All lines or none: what failed is written whole at the next try.</summary>
    private static void WriteOrUndo(FileStream file, byte[] lines)
    {
        var length = file.Length;
        try
        {
            file.Write(lines);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    /// <summary>A crash or a full disk may have left half a line; it stays as it is and the next line begins after it.</summary>
    private static void EndOnWholeLine(FileStream file)
    {
        if (file.Length > 0)
        {
            file.Position = file.Length - 1;
            if (file.ReadByte() != '\n')
            {
                file.WriteByte((byte)'\n');
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal in {Directory} cannot be written ({Reason}); its lines wait in memory until it can")]
    private partial void LogFails(string directory, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk does not confirm the journal's lines in {Path} ({Reason}); the last of them may be lost if power fails")]
    private partial void LogNotDurable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal is written again")]
    private partial void LogWorksAgain();
}
