using Isr.Instruments;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Disk;

/// <summary>
/// Writes all files of one file system on one thread: a disk that hangs holds up that thread and nothing else,
/// and one syncfs a second makes a hundred files durable for the price of one.
/// </summary>
internal sealed partial class DiskWriter : IDisposable
{
    private const int MaxNamed = 5;
    private static readonly TimeSpan s_drainPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_syncPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<RecordingFile> _files = [];
    private readonly ManualResetEventSlim _wake = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _misplaced;
    private readonly ulong _fileSystem;
    private readonly Thread _thread;
    private readonly DiskSync _sync;
    private volatile bool _isStopping;
    private bool _syncFails;

    /// <param name="fileSystem">The number of its file system.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The diary.</param>
    /// <param name="misplaced">Called on its thread when a file turns out to lie on another file system.</param>
    /// <param name="syncs">Told how long each sync took.</param>
    public DiskWriter(ulong fileSystem, TimeProvider time, ILogger logger, Action misplaced, DurationHistogram syncs)
    {
        (_fileSystem, _time, _logger, _misplaced) = (fileSystem, time, logger, misplaced);
        var name = $"{fileSystem >> 32}:{fileSystem & uint.MaxValue}";
        _sync = new DiskSync(name, _wake.Set, time, syncs);
        _thread = new Thread(Run) { Name = $"disk {name}", IsBackground = true };
        _thread.Start();
    }

    public void Add(RecordingFile file)
    {
        lock (_gate)
        {
            _files.Add(file);
        }
    }

    /// <summary>What has not been written yet.</summary>
    public (int Files, long Bytes) Waiting
    {
        get
        {
            lock (_gate)
            {
                return (_files.Count, _files.Sum(f => (long)f.PendingBytes));
            }
        }
    }

    /// <summary>Has it write what is complete and end; <see cref="WaitForEnd"/> waits for that.</summary>
    public void BeginStop()
    {
        _isStopping = true;
        _wake.Set();
    }

    /// <summary>False when the disk did not answer in time.</summary>
    public bool WaitForEnd(TimeSpan limit) => _thread.Join(limit);

    public void Dispose()
    {
        BeginStop();
        if (WaitForEnd(TimeSpan.Zero))
        {
            _sync.Dispose();
            _wake.Dispose();
        }
    }

    private void Run()
    {
        var lastSync = _time.GetTimestamp();
        var isDirty = false;
        var isSyncing = false;

        // Files that are done with, and are durable once the sync under way has ended.
        var closing = new List<RecordingFile>();

        while (true)
        {
            // Read first: what was committed before the stop is seen by the drain that follows.
            var isLast = _isStopping;
            _wake.Reset();
            RecordingFile[] files;
            lock (_gate)
            {
                files = [.. _files];
            }

            var (isEnding, isMisplaced) = (false, false);
            foreach (var file in files)
            {
                isEnding |= file.IsEnding;
                isDirty |= file.Drain(_time);
                isMisplaced |= file.FileSystem is { } fileSystem && fileSystem != _fileSystem;
            }

            if (isMisplaced)
            {
                _misplaced();
            }

            if (isSyncing && !_sync.IsBusy)
            {
                isSyncing = false;
                TakeSync(files);
                closing.ForEach(Close);
                closing.Clear();
            }

            // A file is durable before it is closed: afterwards nothing may be open to reach the file system by.
            if (!isSyncing && (isEnding || (isDirty && _time.GetElapsedTime(lastSync) >= s_syncPeriod)))
            {
                closing.AddRange(files.Where(file => file.IsDone));
                if (isDirty && OneOfEachFileSystem(files) is { Length: > 0 } handles)
                {
                    isSyncing = true;
                    _sync.Begin(handles);
                }
                else
                {
                    closing.ForEach(Close);
                    closing.Clear();
                }

                (isDirty, lastSync) = (false, _time.GetTimestamp());
            }

            if (isLast && !isDirty && !isSyncing)
            {
                return;
            }

            // The end of a sync wakes it, too.
            if (!isLast || isSyncing)
            {
                _wake.Wait(s_drainPeriod);
            }
        }
    }

    private void Close(RecordingFile file)
    {
        if (file.TryClose())
        {
            lock (_gate)
            {
                _files.Remove(file);
            }
        }
    }

    /// <summary>After an error Linux drops what it could not write, and says so once: what these files hold is unknown.</summary>
    private void TakeSync(RecordingFile[] files)
    {
        if (_sync.Failure is { } failure && !_syncFails)
        {
            var paths = files.Select(file => file.Path).OfType<string>().ToList();
            LogSyncFailed(failure, string.Join(", ", paths.Take(MaxNamed)) + (paths.Count > MaxNamed ? $" and {paths.Count - MaxNamed} more" : ""));
        }

        _syncFails = _sync.Failure is not null;
    }

    private static SafeFileHandle[] OneOfEachFileSystem(RecordingFile[] files) =>
        [.. files.Where(file => file.Handle is { IsInvalid: false, IsClosed: false }).DistinctBy(file => file.FileSystem).Select(file => file.Handle!)];

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk did not confirm what was written ({Reason}): the last seconds of these files may be damaged: {Files}")]
    private partial void LogSyncFailed(string reason, string files);
}
