namespace Isr.Sources;

/// <summary>
/// The one place that knows what a source is doing. Written by the source's task and by the disk's thread,
/// read by everybody; a reader gets a whole status, never half of a change.
/// </summary>
internal sealed class SourceMonitor(string name, string type, TimeProvider time)
{
    private readonly Lock _gate = new();
    private SourceStatus _status = new() { Name = name, Type = type, Since = time.GetLocalNow() };
    private long _bytes;
    private long _skippedBytes;
    private long _fileBytes;
    private volatile int _diskQueue;
    private long _overruns;
    private volatile int _captureQueue;
    private long _clipped;
    private double _seconds;

    public string Name => name;

    /// <summary>Raised after every change but the counters', on the thread that made it.</summary>
    public event Action? Changed;

    public SourceStatus Current
    {
        get
        {
            lock (_gate)
            {
                return _status with
                {
                    Bytes = Interlocked.Read(ref _bytes),
                    SkippedBytes = Interlocked.Read(ref _skippedBytes),
                    FileBytes = Interlocked.Read(ref _fileBytes),
                    DiskQueue = _diskQueue,
                    Overruns = Interlocked.Read(ref _overruns),
                    CaptureQueue = _captureQueue,
                    Clipped = Interlocked.Read(ref _clipped),
                    Seconds = Math.Round(Volatile.Read(ref _seconds), 3),
                };
            }
        }
    }

    public void CountBytes(long audio) => Interlocked.Add(ref _bytes, audio);

    public void CountSkippedBytes(long skipped) => Interlocked.Add(ref _skippedBytes, skipped);

    public void CountOverrun() => Interlocked.Increment(ref _overruns);

    public void CountClipped(long samples) => Interlocked.Add(ref _clipped, samples);

    /// <summary>Audio that got into a file. On the source's task alone.</summary>
    public void CountSeconds(double seconds) => Volatile.Write(ref _seconds, _seconds + seconds);

    /// <param name="milliseconds">Audio that was read from a soundcard and waits to be taken.</param>
    public void SetCaptureQueue(int milliseconds) => _captureQueue = milliseconds;

    /// <param name="fileBytes">Length of the present file with all that was given to the disk.</param>
    /// <param name="diskQueue">How much of it waits for the disk.</param>
    public void SetFile(long fileBytes, int diskQueue)
    {
        Interlocked.Exchange(ref _fileBytes, fileBytes);
        _diskQueue = diskQueue;
    }

    /// <summary>Changes the status; a new state sets its beginning, a new error its time.</summary>
    public void Update(Func<SourceStatus, SourceStatus> change)
    {
        SourceStatus next;
        lock (_gate)
        {
            next = change(_status);
            if (next == _status)
            {
                return;
            }

            if (next.State != _status.State)
            {
                next = next with { Since = time.GetLocalNow() };
            }

            if (next.Error is not null && !ReferenceEquals(next.Error, _status.Error))
            {
                next = next with { ErrorAt = time.GetLocalNow() };
            }

            _status = next;
        }

        Changed?.Invoke();
    }
}
