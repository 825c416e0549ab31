using Isr.Audio;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Catalog.Sections;
using Isr.Recording.Journal;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Playback.Cutting;

/// <summary>Cuts spans of time out of what was recorded of a source, across the files of one connection.</summary>
internal sealed class SourceCutter(CatalogDatabase database, CatalogUpdater updater, RecordingCutter recordings, TimeProvider time)
{
    /// <summary>No file is longer than a day; so much before a span its first may begin.</summary>
    private static readonly TimeSpan s_longestFile = TimeSpan.FromDays(2);

    /// <summary>All are open at once.</summary>
    private const int MostFiles = 300;

    private const string Instead = "/api/export gives this span with silence there.";

    public async Task<Results<CutAnswer, JsonHttpResult<Problem>>> CutAsync(string source, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (from >= to)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"from, {from:O}, must lie before to, {to:O}.");
        }

        var span = new Interval(from.UtcTicks, to.UtcTicks);
        var names = updater.FollowActive();
        var early = Math.Max(0, span.From - s_longestFile.Ticks);
        var files = database.SourceFiles(source, new Interval(early, span.To));
        var stalls = database.Stalls(source, new Interval(early, span.To)).ToLookup(stall => stall.File ?? "", stall => stall.Span, StringComparer.Ordinal);
        files.RemoveAll(file => EndOf(file) <= span.From);
        if (files.Count == 0)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "Nothing was recorded of that source at that time.");
        }

        if (files.Count > MostFiles)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"That are {files.Count} recordings; a cut takes {MostFiles} at most.");
        }

        return FindGap(files, span) is { } gap ? Problem.Of(StatusCodes.Status409Conflict, gap) : await CutFilesAsync(source, files, span);

        long EndOf(SourceFile file) => names.Contains(file.Name) ? DateTime.MaxValue.Ticks
            : file.Recorded.Samples is { } samples ? RecordedTime.EndOf(file.Recorded, samples, stalls[file.Name].Sum(stall => stall.Length))
            : file.Recorded.Start + (long)((file.Recorded.FileSeconds ?? 0) * TimeSpan.TicksPerSecond);

        string? FindGap(List<SourceFile> all, Interval wanted)
        {
            if (all[0].Recorded.Start > wanted.From + RecordedTime.JoinTolerance)
            {
                return Gap(wanted.From, all[0].Recorded.Start);
            }

            for (var i = 0; i < all.Count; i++)
            {
                var file = all[i];
                if (file.Size is null)
                {
                    return $"The recording that begins at {Local(file.Recorded.Start)} is not there any more. {Instead}";
                }

                if (stalls[file.Name].FirstOrDefault(stall => stall.From < wanted.To && stall.To > wanted.From) is { Length: > 0 } stall)
                {
                    return Gap(stall.From, stall.To);
                }

                var end = EndOf(file);
                if (i + 1 < all.Count && Math.Abs(all[i + 1].Recorded.Start - end) > RecordedTime.JoinTolerance)
                {
                    return Gap(end, all[i + 1].Recorded.Start);
                }

                if (i + 1 < all.Count && (file.Recorded.How != GapCause.Split || file.Recorded.SampleRate != all[i + 1].Recorded.SampleRate))
                {
                    return $"Another connection or format begins at {Local(end)}, and cannot stand in one file with what is before it. {Instead}";
                }

                if (i + 1 == all.Count && end < wanted.To - (long)(RecordingCutter.RoundingSeconds * TimeSpan.TicksPerSecond))
                {
                    return Gap(end, wanted.To);
                }
            }

            return null;
        }

        async Task<Results<CutAnswer, JsonHttpResult<Problem>>> CutFilesAsync(string of, List<SourceFile> all, Interval wanted)
        {
            var opened = new List<OpenRecording>(all.Count);
            var answer = default(CutAnswer);
            try
            {
                if (Open(out var stretches) is { } problem)
                {
                    return problem;
                }

                var facts = new FileFacts(of, TimeZoneInfo.ConvertTime(from, time.LocalTimeZone));
                if (await recordings.TryCutAsync(stretches, facts, cancellationToken) is { } file)
                {
                    var extension = Path.GetExtension(all[0].Name).ToLowerInvariant();
                    return answer = new CutAnswer(file, CutName.Of(from, to, time.LocalTimeZone, extension), extension, opened);
                }
            }
            finally
            {
                if (answer is null)
                {
                    opened.ForEach(recording => recording.Dispose());
                }
            }

            return Problem.Of(StatusCodes.Status409Conflict, $"The format changes between {Local(wanted.From)} and {Local(wanted.To)}. {Instead}");

            JsonHttpResult<Problem>? Open(out List<CutStretch> found)
            {
                found = new List<CutStretch>(all.Count);
                foreach (var recorded in all)
                {
                    if (recordings.TryOpen(recorded.Name, names.Contains(recorded.Name), out var status, out var sentence) is not { } recording)
                    {
                        return Problem.Of(status, sentence);
                    }

                    opened.Add(recording);
                    var frames = recording.Frames;
                    var isFirst = opened.Count == 1;
                    var isLast = opened.Count == all.Count;
                    found.Add(new CutStretch(frames, isFirst ? SampleAt(recorded, wanted.From) : 0, isLast ? SampleAt(recorded, wanted.To) : frames.Samples));
                    var missing = (double)(found[^1].To - frames.Samples) / frames.SampleRate;
                    if (isLast && missing > RecordingCutter.RoundingSeconds)
                    {
                        return Problem.Of(StatusCodes.Status409Conflict, Gap(wanted.To - (long)(missing * TimeSpan.TicksPerSecond), wanted.To));
                    }
                }

                return null;
            }
        }

        // The source's clock says what time each sample has, and while it stood still there were none.
        long SampleAt(SourceFile file, long at)
        {
            var length = at - file.Recorded.Start - stalls[file.Name].Where(stall => stall.From < at).Sum(stall => Math.Min(stall.To, at) - stall.From);
            var told = EndOf(file) - file.Recorded.Start - stalls[file.Name].Sum(stall => stall.Length);
            var share = !names.Contains(file.Name) && file.Recorded.Samples is { } samples && told > 0
                ? samples / (double)told
                : file.Recorded.SampleRate / (double)TimeSpan.TicksPerSecond;
            return (long)Math.Round(length * share);
        }
    }

    private string Gap(long from, long to) => $"Nothing was recorded from {Local(from)} to {Local(to)}, and a cut has no silence for it. {Instead}";

    private string Local(long ticks) => $"{TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), time.LocalTimeZone):yyyy-MM-dd HH:mm:ss.f}";
}
