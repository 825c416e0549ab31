using System.Collections.Concurrent;
using Isr.Audio.Levels;
using Isr.Recording;

namespace Isr.Analysis;

/// <summary>
/// Has streams decoded while they are recorded: each file that grows is looked at again half a minute after the last time at the latest, as long as
/// the cores are idle enough. What is heard in it goes to the source's meter at the pace at which it sounded; what is left at the end is little.
/// </summary>
internal sealed class GrowingRecordings(LevelRequests requests, LiveMeters meters, TimeProvider time)
{
    /// <summary>From one look at a file to the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(25);

    /// <summary>The end of a file is told after the beginning of the next; one that failed has none.</summary>
    private static readonly TimeSpan s_endsWithin = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, Growth> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DelayedMeter> _meters = new(StringComparer.Ordinal);

    /// <summary>A file begins; another of the same source ends, or has failed.</summary>
    public void Begin(string path, string source)
    {
        foreach (var other in _files.Values)
        {
            if (other.Source == source)
            {
                other.SupersededAt ??= time.GetTimestamp();
            }
        }

        _files[path] = new Growth(source, time.GetTimestamp());
    }

    /// <summary>A file has ended; its levels, or null when it is to be measured as a whole.</summary>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public async Task<RecordingLevels?> EndAsync(string path, double seconds)
    {
        if (!_files.TryRemove(path, out var growth))
        {
            return null;
        }

        var levels = await requests.FinishAsync(path, seconds);
        if (levels is not null)
        {
            Show(growth, levels.From(Math.Min(growth.Windows, levels.Rms.Length)));
        }

        return levels;
    }

    /// <summary>Looks after all files until it is told to stop.</summary>
    public Task RunAsync(CancellationToken stoppingToken) => Task.WhenAll(GrowAsync(stoppingToken), ShowAsync(stoppingToken));

    private async Task GrowAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var (path, growth) in _files)
                {
                    if (growth.SupersededAt is { } since)
                    {
                        if (time.GetElapsedTime(since) > s_endsWithin && _files.TryRemove(path, out _))
                        {
                            await requests.ForgetAsync(path);
                        }
                    }
                    else if (growth.Work.IsCompleted && time.GetElapsedTime(growth.LookedAt) >= Period)
                    {
                        growth.LookedAt = time.GetTimestamp();
                        growth.Work = GrowAsync(path, growth, stoppingToken);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task GrowAsync(string path, Growth growth, CancellationToken stoppingToken)
    {
        try
        {
            if ((await requests.GrowAsync(path, growth.Windows, stoppingToken)).Levels is { } levels)
            {
                Show(growth, levels);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends, or the file has.
        }
    }

    private void Show(Growth growth, RecordingLevels levels)
    {
        var meter = _meters.GetOrAdd(growth.Source, source => new DelayedMeter(meters.For(source), time));
        growth.Windows += meter.Add(levels);
    }

    private async Task ShowAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(DelayedMeter.Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var meter in _meters.Values)
                {
                    meter.Show();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private sealed class Growth(string source, long lookedAt)
    {
        public string Source => source;

        public long LookedAt { get; set; } = lookedAt;

        /// <summary>When the next file of the source began.</summary>
        public long? SupersededAt { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;

        /// <summary>Whole windows of it that are known.</summary>
        public int Windows { get; set; }
    }
}
