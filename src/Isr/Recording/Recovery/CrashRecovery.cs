using Isr.Audio.Mending;
using Isr.Configuration;
using Isr.Recording.Joining;
using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.Recording.Recovery;

/// <summary>
/// Goes on from earlier runs: what each source recorded last, for the first connection to be joined to; then, beside a
/// recorder that records already, the files that were left open and what the journal must say of their end.
/// </summary>
internal sealed partial class CrashRecovery(Settings settings, RecordingFolder folder, JournalWriter journal, Ledger ledger, WallClock clock, ILogger<CrashRecovery> logger)
{
    // What is read before the recording begins: a day change may lie between.
    private const int LastDays = 2;

    /// <summary>No burst reaches further back.</summary>
    private static readonly TimeSpan s_longestAbsence = TimeSpan.FromSeconds(90);

    /// <summary>What was written so shortly before the end may not be in the journal.</summary>
    private static readonly TimeSpan s_strayAge = TimeSpan.FromSeconds(30);

    private readonly FileRepair _repair = new(settings.General.StateDirectory);
    private readonly AbsenceGaps _gaps = new(journal, clock);
    private EarlierRuns? _earlier;
    private Dictionary<string, EarlierFile> _lastFiles = new(StringComparer.Ordinal);
    private Gap? _lastGap;
    private DateTimeOffset _started;

    private enum Outcome
    {
        Finished,
        Nothing,
        Later,
    }

    /// <summary>Remembers what is there; before this run writes anything.</summary>
    public void Begin()
    {
        _started = clock.Now;
        try
        {
            _earlier = EarlierRuns.Mark(settings.General.OutputDirectory, settings.General.StateDirectory);
            _earlier.Read(SourceNames, LastDays, CancellationToken.None);
            if (_earlier.LastAlive is { } alive && EndOf(_earlier, alive) is var end && _started - end < s_longestAbsence)
            {
                _lastGap = new Gap(CauseOf(_earlier), _gaps.Sentence(end, _started));
                _lastFiles = new Dictionary<string, EarlierFile>(_earlier.LastFiles, StringComparer.Ordinal);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoJournal(settings.General.StateDirectory, e.Message);
        }

        _gaps.Follow();
    }

    /// <summary>What a source recorded last, if that was so lately that a connection may begin with it.</summary>
    public LastRecording? FindLast(string source)
    {
        if (!_lastFiles.TryGetValue(source, out var file))
        {
            return null;
        }

        var frames = RecordedTail.Read(Path.Combine(settings.General.OutputDirectory, file.File));
        return frames.Count == 0 ? null : new LastRecording(frames, file.End, _lastGap!);
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.Run(() => Run(cancellationToken), CancellationToken.None);

    private IEnumerable<string> SourceNames => settings.Sources.Select(source => source.Name);

    private static DateTimeOffset EndOf(EarlierRuns earlier, DateTimeOffset lastAlive) => earlier.Stopped ?? lastAlive;

    private static string CauseOf(EarlierRuns earlier) => earlier.Stopped is null ? GapCause.Killed : GapCause.Stopped;

    private void Run(CancellationToken cancellationToken)
    {
        try
        {
            if (_earlier is { } earlier)
            {
                earlier.Read(SourceNames, int.MaxValue, cancellationToken);
                Recover(earlier, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next run begins again with what is left.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoJournal(settings.General.StateDirectory, e.Message);
        }
    }

    private void Recover(EarlierRuns earlier, CancellationToken cancellationToken)
    {
        if (earlier.LastAlive is not { } lastAlive)
        {
            return;
        }

        if (earlier.Stopped is null)
        {
            ledger.Append(new ProgramKilled(lastAlive));
            LogKilled(clock.ToLocal(lastAlive).DateTime);
        }

        var end = EndOf(earlier, lastAlive);
        foreach (var source in earlier.LastSources.Except(SourceNames, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            ledger.Append(new SourceRemoved(source, end));
        }

        var ends = new Dictionary<string, DateTimeOffset>(earlier.Ends, StringComparer.Ordinal);
        var (finished, bytes, later) = (0, 0L, 0);
        foreach (var file in earlier.LeftOpen)
        {
            switch (Finish(file, ends, out var length, cancellationToken))
            {
                case Outcome.Finished:
                    (finished, bytes) = (finished + 1, bytes + length);
                    break;
                case Outcome.Later:
                    later++;
                    break;
            }
        }

        if (earlier.Stopped is null)
        {
            FinishStrays(earlier, lastAlive, cancellationToken);
        }

        _gaps.Know(new Absence(ends, earlier.Outages, CauseOf(earlier), end, _started));

        // With a disk that is not there now, the next run must look again.
        if (later == 0)
        {
            ledger.Append(new RecoveryFinished(finished));
        }

        if (finished > 0)
        {
            LogFinished(finished == 1 ? "1 file" : $"{finished} files", finished == 1 ? "was" : "were", bytes / 1e6);
        }
    }

    /// <summary>
    /// Files that were begun in the moment of the crash. Whose they are nobody wrote down, so they are treated as those of
    /// others: no more than a torn frame is cut off. One without a byte is nothing at all.
    /// </summary>
    private void FinishStrays(EarlierRuns earlier, DateTimeOffset lastAlive, CancellationToken cancellationToken)
    {
        var directories = settings.Sources.SelectMany(source => new[] { source.OutputDirectory, source.FallbackDirectory }).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var file in StrayFiles.Find(directories, lastAlive - s_strayAge, _started))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = folder.NameOf(file.FullName);
            if (earlier.Knows(name))
            {
                continue;
            }

            try
            {
                if (file.Length == 0)
                {
                    file.Delete();
                    LogEmpty(file.FullName);
                }
                else if (_repair.Mend(file.FullName, name, isLeftOpen: false, isDryRun: false, progress: null, cancellationToken) is { IsNeeded: true } result)
                {
                    ledger.Append(new FileMended(name, result.Cut, result.KeptAs));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogFailed(file.FullName, e.Message);
            }
        }
    }

    private Outcome Finish(LeftOpenFile file, Dictionary<string, DateTimeOffset> ends, out long length, CancellationToken cancellationToken)
    {
        length = 0;
        var path = Path.Combine(settings.General.OutputDirectory, file.File);
        try
        {
            if (!File.Exists(path))
            {
                LogVanished(path);
                return Directory.Exists(Path.GetDirectoryName(path)) ? Outcome.Nothing : Outcome.Later;
            }

            var result = _repair.Mend(path, file.File, isLeftOpen: true, isDryRun: false, progress: null, cancellationToken);
            if (result.Plan.Refusal is { } refusal)
            {
                LogNotMended(path, refusal);
                return Outcome.Nothing;
            }

            length = result.Plan.Keep;
            if (result.IsNeeded)
            {
                ledger.Append(new FileMended(file.File, result.Cut, result.KeptAs));
            }

            Close(file, path, result.Plan, ends);
            return Outcome.Finished;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(path, e.Message);
            return Outcome.Later;
        }
    }

    private void Close(LeftOpenFile file, string path, MendPlan plan, Dictionary<string, DateTimeOffset> ends)
    {
        var end = file.Start.ToUniversalTime().AddSeconds((double)plan.Samples / plan.SampleRate);
        if (!ends.TryGetValue(file.Source, out var known) || known < end)
        {
            ends[file.Source] = end;
        }

        ledger.Closed(new FileClosed(file.Source, file.File, end, plan.Samples, plan.Keep, GapCause.Killed), path);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal in {Directory} cannot be read back ({Reason}): files that a crash may have left open stay as they are; `isr repair` mends them by hand")]
    private partial void LogNoJournal(string directory, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run before ended without finishing its files (a crash, kill -9 or a power failure); it was last seen at {LastAlive:yyyy-MM-dd HH:mm:ss}")]
    private partial void LogKilled(DateTime lastAlive);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Files} that a crash left open {Were} finished: {Megabytes:0.0} MB")]
    private partial void LogFinished(string files, string were, double megabytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} was begun in the moment of a crash and had not a byte: removed")]
    private partial void LogEmpty(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was left open by a crash and is gone")]
    private partial void LogVanished(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}, left open by a crash, {Reason}; it stays as it is")]
    private partial void LogNotMended(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}, left open by a crash, could not be finished ({Reason}); the next start tries again")]
    private partial void LogFailed(string path, string reason);
}
