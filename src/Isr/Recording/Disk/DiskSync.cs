using Isr.Instruments;
using Isr.Recording.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Disk;

/// <summary>
/// Calls syncfs on a thread of its own: while a slow disk is at it, files can still be written, so that what
/// waits in memory, and would be lost if the process were killed, stays small.
/// </summary>
internal sealed class DiskSync : IDisposable
{
    private readonly SemaphoreSlim _begin = new(0, 1);
    private readonly Action _ended;
    private readonly TimeProvider _time;
    private readonly DurationHistogram _took;
    private readonly Thread _thread;
    private SafeFileHandle[] _handles = [];
    private volatile string? _failure;
    private volatile bool _isBusy;
    private volatile bool _isStopping;

    /// <param name="name">Of the disk.</param>
    /// <param name="ended">Called on the thread after each time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="took">Told how long it took each time.</param>
    public DiskSync(string name, Action ended, TimeProvider time, DurationHistogram took)
    {
        (_ended, _time, _took) = (ended, time, took);
        _thread = new Thread(Run) { Name = $"sync {name}", IsBackground = true };
        _thread.Start();
    }

    public bool IsBusy => _isBusy;

    /// <summary>What the disk reported against the last time; null when it took everything. Not while busy.</summary>
    public string? Failure => _failure;

    /// <summary>Makes durable what was written before this call to the file systems of these files. Not while busy.</summary>
    public void Begin(SafeFileHandle[] oneOfEachFileSystem)
    {
        _handles = oneOfEachFileSystem;
        _isBusy = true;
        _begin.Release();
    }

    /// <summary>Ends the thread when it is idle.</summary>
    public void Dispose()
    {
        _isStopping = true;
        if (!_isBusy)
        {
            _begin.Release();
            _thread.Join();
            _begin.Dispose();
        }
    }

    private void Run()
    {
        while (true)
        {
            _begin.Wait();
            if (_isStopping && !_isBusy)
            {
                return;
            }

            string? failure = null;
            var began = _time.GetTimestamp();
            foreach (var handle in _handles)
            {
                try
                {
                    LibC.SyncFileSystem(handle);
                }
                catch (IOException e)
                {
                    failure = e.Message;
                }
            }

            _took.Record(_time.GetElapsedTime(began));
            _handles = [];
            _failure = failure;
            _isBusy = false;
            _ended();
        }
    }
}
