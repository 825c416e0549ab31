using System.Globalization;
using Isr.Audio.Sniffing;
using Isr.Demo;
using Isr.Recording.Journal;

namespace Isr.SelfTest;

/// <summary>
/// A disk that takes no more: the recorder's files may not become larger than a limit, which needs no administrator. Its file must end with its last
/// whole frame, recording go on in another, and the journal say what is missing.
/// </summary>
internal sealed class RefusalTrial(string folder, TimeProvider time, ILoggerFactory loggers)
{
    public const string Trial = "disk that refuses";

    private const string Source = "refused";

    /// <summary>The burst, and some seconds.</summary>
    private const long MostBytes = 100_000;

    /// <summary>The program looks again every 5 s.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    public async Task<TrialResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var station = await TrialStation.StartAsync(DemoFormat.Mp3, StreamKind.MpegAudio, 4, time, loggers, cancellationToken);
            var recordings = TrialFolder.Make(folder, Source, splitMinutes: 24 * 60, [(Source, station.Url)]);
            await using var recorder = TrialRecorder.Start(recordings.Config, fileBytes: MostBytes);
            var isBack = await TrialWait.UntilAsync(
                () => recorder.HasExited || (recordings.Journal is var journal && journal.OfType<GapFound>().Any(g => g.Cause == GapCause.Disk) && journal.OfType<FileOpened>().Count() > 1),
                s_patience,
                time,
                cancellationToken);
            var hasEnded = await recorder.StopAsync();
            var count = station.Truth.Compare(recordings.FilesOf(Source));
            var gap = recordings.Journal.OfType<GapFound>().Where(g => g.Cause == GapCause.Disk).Sum(g => g.Seconds);
            var missing = count.Lost * station.Truth.SecondsPerFrame;
            var sentence = string.Create(
                CultureInfo.InvariantCulture, $"a disk refused to take more: recording went on in another file, {missing:0.0} s are missing and the journal has a gap of {gap:0.0} s; {count.Doubled} frames doubled, {count.Foreign} damaged.");
            return isBack && hasEnded && count is { Doubled: 0, Foreign: 0, Recorded: > 0 } && Math.Abs(missing - gap) < 0.5
                ? new TrialResult(Trial, TrialOutcome.Ok, sentence) { Proves = "goes on by itself after a disk was full, and knows what is missing" }
                : new TrialResult(Trial, TrialOutcome.Failed, $"{sentence} {recorder.LastWords}");
        }
        catch (DemoException e)
        {
            return new TrialResult(Trial, TrialOutcome.NotTried, e.Message);
        }
    }
}
