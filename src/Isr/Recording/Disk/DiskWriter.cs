using Isr.Recording.Interop;

namespace Isr.Recording.Disk;

/// <summary>
/// Writes all files of one file system on one thread: a disk that hangs holds up that thread and nothing else,
/// and one syncfs a second makes a hundred files durable for the price of one.
/// </summary>
internal sealed partial class DiskWriter : IDisposable
{
    private static readonly TimeSpan s_drainPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_syncPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<RecordingFile> _files = [];
    private readonly ManualResetEventSlim _wake = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private bool _syncFails;

    public DiskWriter(string name, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
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

    /// <summary>Writes what is complete and ends; false when the disk did not answer in time.</summary>
    public bool Stop(TimeSpan limit)
    {
        _isStopping = true;
        _wake.Set();
        return _thread.Join(limit);
    }

    public void Dispose()
    {
        if (Stop(TimeSpan.Zero))
        {
            _wake.Dispose();
        }
    }

    private void Run()
    {
        var lastSync = _time.GetTimestamp();
        var isDirty = false;

        while (true)
        {
            // Read first: what was committed before the stop is seen by the drain that follows.
            var isLast = _isStopping;
            RecordingFile[] files;
            lock (_gate)
            {
                files = [.. _files];
            }

            var isClosing = isLast;
            foreach (var file in files)
            {
                isClosing |= file.IsEnding;
                isDirty |= file.Drain(_time);
            }

            // A file is durable before it is closed: afterwards nothing may be open to reach the file system by.
            if (isDirty && (isClosing || _time.GetElapsedTime(lastSync) >= s_syncPeriod))
            {
                Sync(files);
                (isDirty, lastSync) = (false, _time.GetTimestamp());
            }

            foreach (var file in files)
            {
                if (file.TryClose())
                {
                    lock (_gate)
                    {
                        _files.Remove(file);
                    }
                }
            }

            if (isLast)
            {
                return;
            }

            _wake.Wait(s_drainPeriod);
        }
    }

    private void Sync(RecordingFile[] files)
    {
        foreach (var file in files)
        {
            if (file.Handle is { IsInvalid: false, IsClosed: false } handle)
            {
                try
                {
                    LibC.SyncFileSystem(handle);
                    _syncFails = false;
                }
                catch (IOException e)
                {
                    if (!_syncFails)
                    {
                        _syncFails = true;
                        LogSyncFailed(e.Message);
                    }
                }

                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The disk does not confirm what was written ({Reason}); the last seconds may be lost if power fails")]
    private partial void LogSyncFailed(string reason);
}
