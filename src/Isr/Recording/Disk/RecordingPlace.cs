namespace Isr.Recording.Disk;

/// <summary>
/// Where the next file goes: the output directory, or the fallback while that fails. While in the fallback, a
/// thread of its own, which may hang with the disk, tries the output directory every few seconds; when it works,
/// files that are finished are moved there. Files that are being written stay: each source comes back at its next
/// split, or at once should the fallback fail, so that a disk that comes and goes does not break up the recordings.
/// </summary>
internal sealed partial class RecordingPlace : IDisposable
{
    private readonly string _output;
    private readonly string? _fallback;
    private readonly FallbackMover? _mover;
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly Queue<string> _finished = new();

    // What this run records in the fallback comes by Finished, not from the journal.
    private readonly HashSet<string> _ours = new(StringComparer.Ordinal);
    private Thread? _thread;
    private ulong? _fileSystem;
    private volatile bool _fails;
    private volatile bool _isStopping;
    private bool _isScanDue = true;
    private bool _moveFails;

    public RecordingPlace(string output, string? fallback, FallbackMover? mover, TimeSpan period, ILogger logger)
    {
        (_output, _mover, _period, _logger) = (output, mover, period, logger);
        _fallback = string.Equals(fallback, output, StringComparison.Ordinal) ? null : fallback;
    }

    public bool HasFallback => _fallback is not null;

    /// <summary>The directory for the next file.</summary>
    public string Directory => _fails ? _fallback! : _output;

    /// <summary>
    /// A file failed: the directory to go on in at once, or null when there is none and it will be tried again later.
    /// </summary>
    public string? Instead(string failed, string reason)
    {
        if (_fallback is null)
        {
            return null;
        }

        if (!string.Equals(failed, _output, StringComparison.Ordinal))
        {
            return _fails ? null : _output;
        }

        lock (_gate)
        {
            if (!_fails)
            {
                _fails = true;
                LogFails(_output, reason, _fallback);
            }
        }

        Start();
        _wake.Set();
        return _fallback;
    }

    /// <summary>A file was opened, on this file system.</summary>
    public void Opened(string directory, string path, ulong? fileSystem)
    {
        if (_fallback is null)
        {
            return;
        }

        lock (_gate)
        {
            if (string.Equals(directory, _output, StringComparison.Ordinal))
            {
                _fileSystem = fileSystem ?? _fileSystem;
            }
            else
            {
                _ours.Add(path);
            }
        }
    }

    /// <summary>A file in the fallback is finished, and nobody reads it for its hash any more.</summary>
    public void Finished(string path)
    {
        lock (_gate)
        {
            _finished.Enqueue(path);
        }

        _wake.Set();
    }

    /// <summary>Takes up what earlier runs left in the fallback. A second call looks again.</summary>
    public void TakeUp()
    {
        if (_fallback is null)
        {
            return;
        }

        lock (_gate)
        {
            _isScanDue = true;
        }

        Start();
        _wake.Set();
    }

    /// <summary>Ends the thread; false when the disk holds it up. A move that is not finished is done by the next start.</summary>
    public bool Stop(TimeSpan limit)
    {
        _isStopping = true;
        _wake.Set();
        return _thread?.Join(limit) ?? true;
    }

    public void Dispose()
    {
        if (Stop(TimeSpan.Zero))
        {
            _wake.Dispose();
        }
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_thread is null && !_isStopping)
            {
                _thread = new Thread(Run) { Name = "fallback", IsBackground = true };
                _thread.Start();
            }
        }
    }

    private void Run()
    {
        var files = new List<string>();
        while (!_isStopping)
        {
            _wake.Reset();
            bool isScanDue;
            lock (_gate)
            {
                (isScanDue, _isScanDue) = (_isScanDue, false);
            }

            if (isScanDue)
            {
                var left = _mover!.FindLeft(_fallback!, _output, () => _isStopping);
                lock (_gate)
                {
                    files.AddRange(left.Except(_ours, StringComparer.Ordinal).Except(files, StringComparer.Ordinal).ToList());
                }
            }

            if (_fails && WhyNot(files) is null)
            {
                _fails = false;
                LogWorks(_output);
            }

            lock (_gate)
            {
                files.AddRange(_finished);
                _finished.Clear();
            }

            if (!_fails)
            {
                MoveAll(files);
            }

            // Nothing to try again: the next failure or finished file wakes it.
            _wake.Wait(_fails || files.Count > 0 ? _period : Timeout.InfiniteTimeSpan);
        }
    }

    private string? WhyNot(List<string> files)
    {
        ulong? fileSystem;
        lock (_gate)
        {
            fileSystem = _fileSystem;
        }

        var reason = OutputProbe.Try(_output, fileSystem);
        if (reason is not null)
        {
            LogStillFails(_output, reason, files.Count);
        }

        return reason;
    }

    private void MoveAll(List<string> files)
    {
        files.RemoveAll(file =>
        {
            if (_isStopping)
            {
                return false;
            }

            if (_mover!.TryMove(file, _fallback!, _output, () => _isStopping) is not { } reason)
            {
                return true;
            }

            if (!_moveFails && !_isStopping)
            {
                LogNotMoved(file, _output, reason);
            }

            _moveFails = true;
            return false;
        });
        _moveFails &= files.Count > 0;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Output} fails ({Reason}): recording goes on in {Fallback}")]
    private partial void LogFails(string output, string reason, string fallback);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Output} works again: the next files go there, and finished ones are moved there")]
    private partial void LogWorks(string output);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Output} still fails ({Reason}); {Count} finished files wait in the fallback directory")]
    private partial void LogStillFails(string output, string reason, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} cannot be moved to {Output} yet ({Reason}); it is tried again and again")]
    private partial void LogNotMoved(string file, string output, string reason);
}
