using Isr.Catalog;
using Isr.Recording.Live;

namespace Isr.Playback.Live;

/// <summary>What can be heard live.</summary>
/// <param name="Configured">Names of the sources in the configuration.</param>
/// <param name="IsRecordedHere">They are recorded by this process; otherwise their files are followed.</param>
internal sealed record LiveOptions(IReadOnlyList<string> Configured, bool IsRecordedHere);

/// <summary>
/// Finds a source to listen to: the frames on their way in this process, or, beside a recorder, those of the file that status.json says
/// is being written, across splits. A file is read only while somebody listens, once for all who do.
/// </summary>
internal sealed partial class LiveSources(
    LiveOptions options, LiveTaps taps, ActiveFiles active, RecordingDoor door, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<LiveSources> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    /// <summary>A file that is no longer written may still get its last bytes for so many periods.</summary>
    private const int SettlingPeriods = 2;

    /// <summary>A source without a file for so many periods has lost its connection.</summary>
    private const int LostPeriods = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _following = new(StringComparer.Ordinal);

    /// <summary>Whether there is such a source, heard or not.</summary>
    public bool Knows(string name) => options.Configured.Contains(name, StringComparer.Ordinal) || (!options.IsRecordedHere && FindFile(name, out _));

    /// <summary>Null when there are listeners enough.</summary>
    public FrameListener? TryListen(string name, out LiveTap tap)
    {
        lock (_gate)
        {
            tap = taps.For(name);
            var listener = taps.TryListen(tap);
            if (listener is not null && !options.IsRecordedHere && !_following.ContainsKey(name))
            {
                var followed = tap;
                _following[name] = Task.Run(() => FollowAsync(followed, lifetime.ApplicationStopping));
            }

            return listener;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _following.Values];
        }

        await Task.WhenAll(tasks);
    }

    private bool FindFile(string source, out string? file)
    {
        var status = active.Read().Status.Sources?.FirstOrDefault(s => s.Name == source);
        file = status?.File;
        return status is not null;
    }

    private async Task FollowAsync(LiveTap tap, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        var followed = new FollowedFile();
        try
        {
            do
            {
                Follow(tap, followed);
            }
            while (!TryLeave(tap) && await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            followed.Frames?.Dispose();
        }
    }

    private void Follow(LiveTap tap, FollowedFile followed)
    {
        FindFile(tap.Source, out var now);
        followed.Without = now is null ? followed.Without + 1 : 0;
        if (followed.Without == LostPeriods)
        {
            tap.Disconnected();
        }

        try
        {
            followed.Frames?.Read(tap, isFinal: false);
            if (now is null || now == followed.Name || (followed.Frames is not null && followed.Settling++ < SettlingPeriods))
            {
                return;
            }

            followed.Frames?.Read(tap, isFinal: true);
            followed.Frames?.Dispose();
            followed.Frames = null;
            if (door.TryOpen(now) is { } file)
            {
                followed.Frames = new GrowingFrames(file, Path.GetExtension(now).ToLowerInvariant(), fromEnd: followed.Name is null);
                (followed.Name, followed.Settling) = (now, 0);
            }
        }
        catch (IOException e)
        {
            // The next file may lie on a disk that works.
            LogFails(tap.Source, e.Message);
            followed.Frames?.Dispose();
            (followed.Frames, followed.Name) = (null, now);
        }
    }

    /// <summary>Nobody listens any more. Whoever comes from now on finds the file anew.</summary>
    private bool TryLeave(LiveTap tap)
    {
        lock (_gate)
        {
            if (tap.Listeners > 0)
            {
                return false;
            }

            tap.Disconnected();
            return _following.Remove(tap.Source);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] the file being recorded cannot be followed: {Reason}")]
    private partial void LogFails(string source, string reason);

    private sealed class FollowedFile
    {
        public GrowingFrames? Frames { get; set; }

        public string? Name { get; set; }

        /// <summary>Periods since the source had a file.</summary>
        public int Without { get; set; }

        /// <summary>Periods since another was named.</summary>
        public int Settling { get; set; }
    }
}
