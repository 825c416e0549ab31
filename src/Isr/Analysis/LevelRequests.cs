using System.Collections.Concurrent;
using Isr.Analysis.Worker;
using Isr.Audio.Levels;

namespace Isr.Analysis;

/// <summary>Who waits for levels; the first goes first.</summary>
internal enum Urgency
{
    /// <summary>A person, at the page.</summary>
    Asked,

    /// <summary>A recording that has just ended: little of it is left to do.</summary>
    Finished,

    /// <summary>A recording that grows.</summary>
    Growing,

    /// <summary>What an answer had to leave out.</summary>
    Wanted,

    /// <summary>Nobody yet.</summary>
    Spare,
}

/// <summary>How far a file's measuring is.</summary>
/// <param name="Name">The recording's path in the recordings folder.</param>
/// <param name="State">"running", "done" or "failed".</param>
/// <param name="Part">From 0 to 1.</param>
/// <param name="Waiting">Other files that wait.</param>
/// <param name="Sentence">What is the matter with it, if anything.</param>
internal sealed record AnalysisProgress(string Name, string State, double Part, int Waiting, string? Sentence);

/// <summary>
/// Has the worker decode what has no levels yet, the most urgent first, no more at once than there are cores to spare; one place more is kept for what
/// somebody asks for. A file that several want is decoded once.
/// </summary>
internal sealed partial class LevelRequests(LevelStore store, DecodingWorker worker, TimeProvider time, ILogger<LevelRequests> logger) : BackgroundService
{
    /// <summary>What could not be decoded is tried again after so long, or when it has changed.</summary>
    private static readonly TimeSpan s_refusedFor = TimeSpan.FromMinutes(10);
    private const int MaxRefused = 4096;

    /// <summary>Half a sample at any rate there is, and what a double makes of a day.</summary>
    private const double LeastDifference = 1e-6;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Job, (Urgency Urgency, long Number)> _queue = new();
    private readonly Dictionary<JobKey, Job> _jobs = [];
    private readonly ConcurrentDictionary<string, Refusal> _refused = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _anyWaits = new(0);
    private readonly SemaphoreSlim _askedWaits = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private long _number;
    private volatile bool _isTroubleTold;

    /// <summary>Raised on any thread, some times a second at most for each file.</summary>
    public event Action<AnalysisProgress>? Progressed;

    /// <summary>Recordings that are worked on, and others that wait for it.</summary>
    public (int Active, int Waiting) Load
    {
        get
        {
            lock (_gate)
            {
                var active = _jobs.Values.Count(job => job.IsTaken);
                return (active, _jobs.Count - active);
            }
        }
    }

    /// <summary>What was given up: told for ten minutes, then tried again.</summary>
    public int Refused => _refused.Count;

    /// <summary>Files that are worked on side by side, those apart that somebody asks for.</summary>
    private static int Places => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>A recording's levels: those that are kept, or else computed now.</summary>
    /// <exception cref="OperationCanceledException">Whoever asked has left; the work goes on when others wait for it.</exception>
    public async Task<MeasuredFile> GetAsync(string name, Urgency urgency, CancellationToken cancellationToken)
    {
        var file = new FileInfo(store.RecordingOf(name));
        if (!file.Exists)
        {
            return new MeasuredFile { Sentence = "There is no such recording any more." };
        }

        var key = new RecordingKey(file.Length, file.LastWriteTimeUtc);
        if (store.TryRead(name, key.Bytes, key.ModifiedUtc) is { } kept)
        {
            return MeasuredFile.Of(kept);
        }

        if (FindRefusal(name, key) is { } refused)
        {
            return refused;
        }

        return await Enqueue(new JobKey(WorkerMessageKind.Measure, file.FullName, IsFinal: true), name, urgency).WaitAsync(cancellationToken);
    }

    /// <summary>The levels of a recording that is being written, up to now.</summary>
    /// <exception cref="OperationCanceledException">Whoever asked has left.</exception>
    public async Task<MeasuredFile> GetSoFarAsync(string path, Urgency urgency, CancellationToken cancellationToken)
    {
        var name = store.NameOf(path) ?? path;
        try
        {
            var measured = await Enqueue(new JobKey(WorkerMessageKind.Grow, path, IsFinal: false), name, urgency).WaitAsync(cancellationToken);
            return measured.Levels is not null ? measured
                : await Enqueue(new JobKey(WorkerMessageKind.Measure, path, IsFinal: false), name, urgency).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            // It has ended meanwhile.
            return await GetAsync(name, urgency, cancellationToken);
        }
    }

    /// <summary>Decodes what was added to a recording since the last time. Without levels where it cannot be decoded by pieces.</summary>
    /// <param name="path">The recording.</param>
    /// <param name="fromWindow">Windows that are known already; they are left out.</param>
    /// <param name="cancellationToken">Nobody wants to know any longer.</param>
    /// <exception cref="OperationCanceledException">As said, or the program ends.</exception>
    public Task<MeasuredFile> GrowAsync(string path, int fromWindow, CancellationToken cancellationToken) =>
        Enqueue(new JobKey(WorkerMessageKind.Grow, path, IsFinal: false, fromWindow), store.NameOf(path) ?? path, Urgency.Growing).WaitAsync(cancellationToken);

    /// <summary>The rest of a recording that has grown before the worker's eyes. Null where that did not give all of it: it is to be measured as a whole.</summary>
    /// <param name="path">The recording.</param>
    /// <param name="seconds">How long it plays.</param>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public async Task<RecordingLevels?> FinishAsync(string path, double seconds)
    {
        // One that came after it would begin anew.
        Drop(key => key.Kind == WorkerMessageKind.Grow && key.Path == path);
        var measured = await Enqueue(new JobKey(WorkerMessageKind.Grow, path, IsFinal: true), store.NameOf(path) ?? path, Urgency.Finished);
        return measured.Levels is { } levels && Math.Abs(((double)levels.Samples / levels.SampleRate) - seconds) < LeastDifference ? levels : null;
    }

    /// <summary>Nothing more is to be known of a recording that grew.</summary>
    public Task ForgetAsync(string path) => worker.ForgetAsync(path);

    /// <summary>Has a recording measured without waiting for it. False when nothing can be decoded of it, as is known.</summary>
    public bool Want(string name, RecordingKey key)
    {
        if (FindRefusal(name, key) is not null)
        {
            return false;
        }

        _ = Enqueue(new JobKey(WorkerMessageKind.Measure, store.RecordingOf(name), IsFinal: true), name, Urgency.Wanted);
        return true;
    }

    /// <summary>Something is being done with the file, or will be.</summary>
    public bool IsAt(string name)
    {
        var path = store.RecordingOf(name);
        lock (_gate)
        {
            return _jobs.Keys.Any(key => key.Path == path);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
        Drop(_ => true);
        await worker.DisposeAsync();
    }

    public override void Dispose()
    {
        _anyWaits.Dispose();
        _askedWaits.Dispose();
        _stopping.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Places).Select(_ => WorkAsync(_anyWaits, Urgency.Spare, stoppingToken)).Append(WorkAsync(_askedWaits, Urgency.Asked, stoppingToken)));

    private MeasuredFile? FindRefusal(string name, RecordingKey key) =>
        _refused.TryGetValue(name, out var refusal) && refusal.Key == key && time.GetElapsedTime(refusal.At) < s_refusedFor ? refusal.Measured : null;

    private Task<MeasuredFile> Enqueue(JobKey key, string name, Urgency urgency)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return Task.FromCanceled<MeasuredFile>(_stopping.Token);
            }

            if (!_jobs.TryGetValue(key, out var job))
            {
                _jobs[key] = job = new Job(key, name);
            }

            if (urgency < job.Urgency && !job.IsTaken)
            {
                // Where it stood before it is passed over.
                job.Urgency = urgency;
                _queue.Enqueue(job, (urgency, _number++));
                _anyWaits.Release();
                if (urgency == Urgency.Asked)
                {
                    _askedWaits.Release();
                }
            }

            return job.Answer.Task;
        }
    }

    /// <summary>Takes what has not begun out of the queue.</summary>
    private void Drop(Predicate<JobKey> which)
    {
        List<Job> dropped;
        lock (_gate)
        {
            dropped = [.. _jobs.Values.Where(job => !job.IsTaken && which(job.Key))];
            foreach (var job in dropped)
            {
                job.IsTaken = true;
                _jobs.Remove(job.Key);
            }
        }

        foreach (var job in dropped)
        {
            job.Answer.TrySetCanceled();
        }
    }

    private async Task WorkAsync(SemaphoreSlim waits, Urgency least, CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await waits.WaitAsync(stoppingToken);
                if (TryTake(least, out var waiting) is not { } job)
                {
                    continue;
                }

                var measured = await DoAsync(job, waiting, stoppingToken);
                lock (_gate)
                {
                    _jobs.Remove(job.Key);
                }

                job.Answer.TrySetResult(measured);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private Job? TryTake(Urgency least, out int waiting)
    {
        lock (_gate)
        {
            Job? taken = null;
            while (taken is null && _queue.TryPeek(out var job, out var place) && (job.IsTaken || place.Urgency <= least))
            {
                _queue.Dequeue();
                taken = job.IsTaken ? null : job;
            }

            taken?.IsTaken = true;
            waiting = _jobs.Values.Count(j => !j.IsTaken);
            return taken;
        }
    }

    /// <summary>Whatever goes wrong costs this file alone.</summary>
    private async Task<MeasuredFile> DoAsync(Job job, int waiting, CancellationToken cancellationToken)
    {
        var isTold = job.Urgency == Urgency.Asked || job.Key.Kind == WorkerMessageKind.Measure;
        void Tell(string state, double part, string? sentence)
        {
            if (isTold)
            {
                Progressed?.Invoke(new AnalysisProgress(job.Name, state, Math.Round(part, 3), waiting, sentence));
            }
        }

        MeasuredFile measured;
        try
        {
            var before = new FileInfo(job.Key.Path);
            if (!before.Exists)
            {
                return new MeasuredFile { Sentence = "There is no such recording any more." };
            }

            var cores = job.Urgency == Urgency.Asked ? Environment.ProcessorCount : 1;
            var request = new WorkerRequest(job.Key.Path, before.Length, before.LastWriteTimeUtc, cores, job.Key.IsFinal, job.Key.FromWindow);
            var result = await worker.DoAsync(job.Key.Kind, request, part => Tell("running", part, null), cancellationToken);
            measured = Read(result);
            Keep(job, request, result, measured);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            measured = new MeasuredFile { Sentence = $"It cannot be read: {e.Message}" };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A defect, which must not end the program that records.
            LogDefect(job.Name, e);
            measured = new MeasuredFile { Sentence = $"It could not be decoded: {e.Message}" };
        }

        Tell(measured.Levels is null ? "failed" : "done", 1, measured.Sentence);
        return measured;
    }

    /// <summary>The worker is believed no more than any stranger.</summary>
    private static MeasuredFile Read(WorkerResult result)
    {
        if (result.LevelFile.IsEmpty)
        {
            return new MeasuredFile { Sentence = result.Sentence ?? "Nothing in it could be decoded." };
        }

        return LevelFile.TryRead(result.LevelFile.Span, out _, out var levels)
            ? MeasuredFile.Of(levels) with { Sentence = result.Sentence }
            : new MeasuredFile { Sentence = "The decoder gave no levels that make sense." };
    }

    /// <summary>Only of a file that does not grow, and was not changed meanwhile.</summary>
    private void Keep(Job job, WorkerRequest request, WorkerResult result, MeasuredFile measured)
    {
        if (!job.Key.IsFinal || job.Key.Kind != WorkerMessageKind.Measure || store.NameOf(job.Key.Path) is not { } name)
        {
            return;
        }

        var key = new RecordingKey(request.Bytes, request.ModifiedUtc);
        if (measured.Levels is null)
        {
            if (_refused.Count >= MaxRefused)
            {
                _refused.Clear();
            }

            _refused[name] = new Refusal(key, measured, time.GetTimestamp());
            return;
        }

        _refused.TryRemove(name, out _);
        var after = new FileInfo(job.Key.Path);
        if (!after.Exists || after.Length != key.Bytes || after.LastWriteTimeUtc != key.ModifiedUtc)
        {
            return;
        }

        try
        {
            store.Write(name, result.LevelFile.Span);
            _isTroubleTold = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isTroubleTold)
            {
                LogNotKept(name, e.Message);
                _isTroubleTold = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The levels of {Name} could not be kept: {Reason} They are computed each time they are wanted; check the folder of --analyses-dir or state_directory")]
    private partial void LogNotKept(string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The levels of {Name} could not be computed")]
    private partial void LogDefect(string name, Exception exception);

    /// <summary>What is to be done with a file; the same for all who want it.</summary>
    private readonly record struct JobKey(WorkerMessageKind Kind, string Path, bool IsFinal, int FromWindow = 0);

    private sealed record Refusal(RecordingKey Key, MeasuredFile Measured, long At);

    private sealed class Job(JobKey key, string name)
    {
        public JobKey Key => key;

        public string Name => name;

        public Urgency Urgency { get; set; } = (Urgency)int.MaxValue;

        public bool IsTaken { get; set; }

        public TaskCompletionSource<MeasuredFile> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
