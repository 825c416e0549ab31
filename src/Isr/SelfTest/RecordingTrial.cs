using System.Globalization;
using Isr.Audio.Sniffing;
using Isr.Catalog.Evidence;
using Isr.Demo;
using Isr.Recording.Journal;
using Isr.Recording.Recovery;

namespace Isr.SelfTest;

/// <summary>
/// A recorder of its own records built-in stations and is treated badly: files every six seconds, the end of daylight saving, a station that drops
/// everybody, a clock that is set, kill -9. Then every frame is counted, and the archive proven by its own journal.
/// </summary>
internal sealed class RecordingTrial(string folder, bool isQuick, TimeProvider time, ILoggerFactory loggers, Action<TrialResult> tell)
{
    private const double SplitMinutes = 0.1;

    /// <summary>Whose clock is put back an hour at 01:00 UTC of 25 October 2026.</summary>
    private const string Zone = "Europe/Berlin";

    private const double StepSeconds = 100;
    private const int MostAttempts = 3;

    /// <summary>The second that is promised, and another for what is on its way through sockets and a busy computer.</summary>
    private const double MostLostSeconds = 2;

    private static readonly DateTimeOffset s_change = new(2026, 10, 25, 1, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_afterChange = TimeSpan.FromSeconds(8);

    private readonly List<(string Source, TrialStation Station)> _sources = [];
    private TrialFolder _recordings = null!;
    private string _clock = "";

    /// <summary>Before the clock is put back so much is recorded: one split, where there is time for it.</summary>
    private TimeSpan Before => TimeSpan.FromSeconds(isQuick ? 3 : 9);

    private string Each => _sources.Count == 1 ? "the source" : "each source";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stations = new List<TrialStation>();
        try
        {
            await StartStationsAsync(stations, cancellationToken);
            _recordings = TrialFolder.Make(folder, "recordings", SplitMinutes, _sources.Select(s => (s.Source, s.Station.Url)));
            _clock = Path.Combine(folder, "clock");
            SetClock((s_change - Before - time.GetUtcNow()).TotalSeconds);
            if (await RecordAsync(cancellationToken))
            {
                Count();
                Prove(cancellationToken);
            }
        }
        catch (DemoException e)
        {
            NotTried("recording", e.Message);
        }
        finally
        {
            foreach (var station in stations)
            {
                await station.DisposeAsync();
            }
        }
    }

    private async Task StartStationsAsync(List<TrialStation> stations, CancellationToken cancellationToken)
    {
        var mp3 = await StartAsync(DemoFormat.Mp3, StreamKind.MpegAudio, 1);
        _sources.Add(("mp3", mp3));
        if (!isQuick)
        {
            _sources.Add(("mp3-again", mp3));
            _sources.Add(("aac", await StartAsync(DemoFormat.Aac, StreamKind.Adts, 2)));
            _sources.Add(("flac", await StartAsync(DemoFormat.Flac, StreamKind.Flac, 3)));
        }

        async Task<TrialStation> StartAsync(DemoFormat format, StreamKind kind, int seed)
        {
            var station = await TrialStation.StartAsync(format, kind, seed, time, loggers, cancellationToken);
            stations.Add(station);
            return station;
        }
    }

    /// <summary>False when it ended too early for anything to be counted.</summary>
    private async Task<bool> RecordAsync(CancellationToken cancellationToken)
    {
        var killedAt = new Dictionary<string, int>(StringComparer.Ordinal);
        await using (var recorder = TrialRecorder.Start(_recordings.Config, _clock, Zone))
        {
            if (!await UntilAsync(journal => _sources.TrueForAll(s => journal.OfType<FileOpened>().Any(o => o.Source == s.Source)), recorder, cancellationToken))
            {
                Failed("recording", $"nothing was recorded from a station on this computer. {recorder.LastWords}");
                return false;
            }

            await ChangeZoneAsync(recorder, cancellationToken);
            await DropAsync(recorder, cancellationToken);
            await StepAsync(recorder, cancellationToken);

            // A second of sound behind the last event, so that there is something to lose.
            await Task.Delay(TimeSpan.FromSeconds(1.5), time, cancellationToken);
            await recorder.KillAsync();
            foreach (var (source, station) in _sources)
            {
                killedAt[source] = station.Truth.Count;
            }
        }

        await RestartAsync(killedAt, cancellationToken);
        return true;
    }

    /// <summary>A new file at the very change, under the hour that comes twice.</summary>
    private async Task ChangeZoneAsync(TrialRecorder recorder, CancellationToken cancellationToken)
    {
        const string Trial = "daylight saving";
        if (!File.Exists($"/usr/share/zoneinfo/{Zone}"))
        {
            NotTried(Trial, $"this computer has no time zones (/usr/share/zoneinfo/{Zone}): install tzdata.");
            return;
        }

        var isSeen = false;
        for (var attempt = 0; attempt < MostAttempts && !isSeen; attempt++)
        {
            if (attempt > 0)
            {
                // A computer that is very busy had not begun by then: once more.
                SetClock((s_change - Before - time.GetUtcNow()).TotalSeconds);
            }

            isSeen = await UntilAsync(
                journal => _sources.TrueForAll(s => journal.OfType<FileOpened>().Any(o => o.Source == s.Source && IsChange(o))), recorder, Before + s_afterChange, cancellationToken);
        }

        Say(
            isSeen,
            Trial,
            $"{Each} began a new file when the clock was put back an hour, under the hour that comes twice.",
            $"no new file of each source was begun at the change to winter time. {recorder.LastWords}",
            "keeps both hours of the night that has one twice");

        static bool IsChange(FileOpened o) =>
            (o.Start - s_change).Duration() < TimeSpan.FromSeconds(0.5) && o.Start.Offset == TimeSpan.FromHours(1) && o.File.Contains("20261025_020000", StringComparison.Ordinal);
    }

    private async Task DropAsync(TrialRecorder recorder, CancellationToken cancellationToken)
    {
        var before = _recordings.Journal.Count;
        foreach (var (_, station) in _sources)
        {
            station.DropListeners();
        }

        var isBack = await UntilAsync(journal => _sources.TrueForAll(s => Outcome(journal, s.Source) is not null), recorder, cancellationToken);
        var outcomes = _recordings.Journal.Skip(before).ToList();
        var healed = outcomes.OfType<GapHealed>().Count();
        var gaps = outcomes.OfType<GapFound>().ToList();
        Say(
            isBack,
            "reconnect",
            string.Create(CultureInfo.InvariantCulture, $"of {_sources.Count} dropped by their stations {healed} went on without a gap{(gaps.Count > 0 ? $", {gaps.Count} with one that the journal has ({gaps.Max(g => g.Seconds):0.0} s at most)" : "")}."),
            $"not every source came back, or the journal does not say what is missing. {recorder.LastWords}",
            "goes on when a station drops it, and knows what is missing");

        JournalEntry? Outcome(List<JournalEntry> journal, string source) =>
            journal.Skip(before).FirstOrDefault(e => (e is GapHealed healed && healed.Source == source) || (e is GapFound gap && gap.Source == source));
    }

    private async Task StepAsync(TrialRecorder recorder, CancellationToken cancellationToken)
    {
        var before = _recordings.Journal.Count;
        SetClock(ReadClock() + StepSeconds);
        Say(
            await UntilAsync(
                journal => journal.Skip(before).OfType<ClockStepped>().Any(s => Math.Abs(s.Seconds - StepSeconds) < 1)
                    && _sources.TrueForAll(s => journal.Skip(before).OfType<FileClosed>().Any(c => c.Source == s.Source && c.How == GapCause.Clock)),
                recorder,
                cancellationToken),
            "clock that is set",
            string.Create(CultureInfo.InvariantCulture, $"the recorder's clock was set by {StepSeconds:0} s: {Each} began a new file under the new time, and the journal says so."),
            $"the clock was set and not every source began a new file. {recorder.LastWords}",
            "follows a clock that is set");
    }

    private async Task RestartAsync(Dictionary<string, int> killedAt, CancellationToken cancellationToken)
    {
        const string Trial = "kill -9";
        var before = _recordings.Journal.Count;
        var cutOff = _sources.Select(s => _recordings.FilesOf(s.Source)[^1]).ToList();
        var lost = _sources.Zip(cutOff).Max(s => (killedAt[s.First.Source] - 1 - s.First.Station.Truth.Compare([s.Second]).Last) * s.First.Station.Truth.SecondsPerFrame);
        await using var recorder = TrialRecorder.Start(_recordings.Config, _clock, Zone);
        var isRecovered = await UntilAsync(
            journal => journal.Skip(before).OfType<RecoveryFinished>().Any()
                && _sources.TrueForAll(s => journal.Skip(before).Any(e => (e is GapHealed healed && healed.Source == s.Source) || (e is GapFound gap && gap.Source == s.Source))),
            recorder,
            cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        var hasEnded = await recorder.StopAsync();
        var after = _recordings.Journal.Skip(before).ToList();
        var finished = after.OfType<RecoveryFinished>().FirstOrDefault()?.Files ?? 0;
        var isWhole = isRecovered && finished == _sources.Count && after.OfType<ProgramKilled>().Any() && cutOff.TrueForAll(path => IsWhole(path));
        var sentence = string.Create(
            CultureInfo.InvariantCulture,
            $"the recorder was killed: {lost:0.0} s were not on the disk yet; the next start finished what was open ({finished} of {_sources.Count}); {after.OfType<GapHealed>().Count()} of {_sources.Count} went on without a gap, as the station's burst has what was missed.");
        Say(
            isWhole && lost < MostLostSeconds,
            Trial,
            sentence,
            $"{sentence} {(isWhole ? "More than a second is lost: the disk, or this computer, is too slow." : $"Not all is as it should be then. {recorder.LastWords}")}",
            "loses a second at most when it is killed, and finishes its files by itself");
        if (!hasEnded)
        {
            Failed("end", $"the recorder was told to end, and did not in 15 s. {recorder.LastWords}");
        }
    }

    /// <summary>The frames of every source, held against those that its station sent.</summary>
    private void Count()
    {
        var (frames, lost, doubled, foreign, gaps) = (0, 0, 0, 0, 0);
        var journal = _recordings.Journal;
        foreach (var (source, station) in _sources)
        {
            var count = station.Truth.Compare(_recordings.FilesOf(source));
            var seconds = journal.OfType<GapFound>().Where(g => g.Source == source && g.Seconds > 0).Sum(g => g.Seconds);

            // What the journal has as missing was not lost unknown: one frame more for each gap, whose ends lie within frames.
            var known = seconds == 0 ? 0 : (int)Math.Ceiling(seconds / station.Truth.SecondsPerFrame) + journal.OfType<GapFound>().Count(g => g.Source == source);
            (frames, doubled, foreign) = (frames + count.Recorded, doubled + count.Doubled, foreign + count.Foreign);
            lost += Math.Max(0, count.Lost - known);
            gaps += Math.Min(count.Lost, known);
        }

        var splits = journal.OfType<FileClosed>().Count();
        var sentence = string.Create(
            CultureInfo.InvariantCulture,
            $"{frames} frames of {_sources.Count} {(_sources.Count == 1 ? "source" : "sources")} in {splits} files held against what was sent: {lost} lost, {doubled} doubled, {foreign} damaged{(gaps > 0 ? $"; {gaps} missing in gaps that the journal has" : "")}.");
        Say(frames > 0 && lost == 0 && doubled == 0 && foreign == 0, "every frame", sentence, sentence, "loses and doubles nothing over all of that");
    }

    private void Prove(CancellationToken cancellationToken)
    {
        var report = new ArchiveVerifier(_recordings.Path, _recordings.StateDirectory, time).Run(new EvidenceRequest(), _ => { }, cancellationToken);
        Say(
            report.IsTrue && report.Files.Proven > 0,
            "evidence",
            string.Create(CultureInfo.InvariantCulture, $"{report.Files.Proven} files have the hashes that the journal has, {report.Journal.Links} in a chain."),
            string.Join(' ', report.Findings.Where(f => f.IsFault).Select(f => $"{f.File} {f.Sentence}.")),
            "can prove what it has recorded");
    }

    /// <summary>It needs no mending any more.</summary>
    private bool IsWhole(string path) => !new FileRepair(_recordings.StateDirectory).Mend(path, Path.GetFileName(path), isLeftOpen: false, isDryRun: true, progress: null, CancellationToken.None).IsNeeded;

    private Task<bool> UntilAsync(Func<List<JournalEntry>, bool> condition, TrialRecorder recorder, CancellationToken cancellationToken) =>
        UntilAsync(condition, recorder, s_patience, cancellationToken);

    /// <summary>Whether it came true in time, while the recorder lived.</summary>
    private async Task<bool> UntilAsync(Func<List<JournalEntry>, bool> condition, TrialRecorder recorder, TimeSpan limit, CancellationToken cancellationToken)
    {
        var isGone = false;
        return await TrialWait.UntilAsync(() => (isGone = recorder.HasExited) || condition(_recordings.Journal), limit, time, cancellationToken) && !isGone;
    }

    private double ReadClock() => double.Parse(File.ReadAllText(_clock).Split(' ', '\n')[1], CultureInfo.InvariantCulture);

    /// <summary>In one step: half a file would be no offset at all.</summary>
    private void SetClock(double offsetSeconds)
    {
        File.WriteAllText(_clock + ".new", string.Create(CultureInfo.InvariantCulture, $"offset {offsetSeconds}\nsynchronised yes\n"));
        File.Move(_clock + ".new", _clock, overwrite: true);
    }

    private void Say(bool isOk, string trial, string sentence, string failure, string proves) =>
        tell(isOk ? new TrialResult(trial, TrialOutcome.Ok, sentence) { Proves = proves } : new TrialResult(trial, TrialOutcome.Failed, failure));

    private void Failed(string trial, string sentence) => tell(new TrialResult(trial, TrialOutcome.Failed, sentence));

    private void NotTried(string trial, string why) => tell(new TrialResult(trial, TrialOutcome.NotTried, why));
}
