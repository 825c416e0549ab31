using System.ComponentModel;
using Isr.Recording.Time;

namespace Isr.SelfTest;

/// <summary>Everything that is tried, one after the other but for what only waits.</summary>
/// <param name="folder">Whose disk is tried.</param>
/// <param name="isQuick">One source, and the least of everything.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told of each result as it is there, by one thread at a time.</param>
internal sealed class SelfTestRun(string folder, bool isQuick, TimeProvider time, Action<TrialResult> tell)
{
    /// <summary>Hidden: no recorder that has this folder takes what is in it for recordings.</summary>
    private const string FolderName = ".isr-selftest-";

    private readonly List<TrialResult> _results = [];
    private readonly Lock _gate = new();

    /// <exception cref="OperationCanceledException">It was broken off; nothing is left behind.</exception>
    public async Task<SelfTestReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var clock = new ClockTrial(time);
        foreach (var result in LibraryTrial.Run().Concat(MachineTrial.Run()))
        {
            Take(result);
        }

        DiskFigures? figures = null;
        if (TryMakeFolder() is { } work)
        {
            try
            {
                figures = await TryDiskAsync(work, cancellationToken);
                if (figures is not null)
                {
                    await TryRecordingAsync(work, cancellationToken);
                }
                else
                {
                    Take(new TrialResult("recording", TrialOutcome.NotTried, "the disk does not take it."));
                }
            }
            finally
            {
                Remove(work);
            }
        }

        Take(clock.End(SystemClockState.Read()));
        return new SelfTestReport(
            !_results.Exists(result => result.Outcome == TrialOutcome.Failed), ProgramVersion.Text, folder, Math.Round(time.GetElapsedTime(began).TotalSeconds, 1), figures, _results);
    }

    private async Task<DiskFigures?> TryDiskAsync(string work, CancellationToken cancellationToken)
    {
        var (figures, results) = await Task.Run(() => DiskTrial.Run(work, isQuick, time, cancellationToken), cancellationToken);
        foreach (var result in results)
        {
            Take(result);
        }

        return figures;
    }

    private async Task TryRecordingAsync(string work, CancellationToken cancellationToken)
    {
        // Nobody is to hear of listeners that come and go.
        using var loggers = LoggerFactory.Create(_ => { });
        await Task.WhenAll(
            CarryOutAsync("recording", () => new RecordingTrial(work, isQuick, time, loggers, Take).RunAsync(cancellationToken)),
            CarryOutAsync(RefusalTrial.Trial, async () => Take(await new RefusalTrial(work, time, loggers).RunAsync(cancellationToken))));
    }

    /// <summary>What the disk or the system refuses is a result like others.</summary>
    private async Task CarryOutAsync(string trial, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            Take(new TrialResult(trial, TrialOutcome.Failed, $"it could not be carried out: {e.Message}"));
        }
    }

    private string? TryMakeFolder()
    {
        try
        {
            var path = Path.Combine(folder, $"{FolderName}{Environment.ProcessId}");
            if (Path.Exists(path))
            {
                // Of a run that was killed and had this number.
                Directory.Delete(path, recursive: true);
            }

            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Take(new TrialResult("disk", TrialOutcome.Failed, $"{folder} cannot be written by this user: {e.Message}"));
            return null;
        }
    }

    private void Remove(string work)
    {
        try
        {
            Directory.Delete(work, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Take(new TrialResult("tidying up", TrialOutcome.Failed, $"{work} could not be removed ({e.Message}): remove it by hand."));
        }
    }

    private void Take(TrialResult result)
    {
        lock (_gate)
        {
            _results.Add(result);
            tell(result);
        }
    }
}
