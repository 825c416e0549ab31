using Isr.Analysis.Worker.Samples;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Catalog;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Playback.Cutting;

/// <summary>Cuts recordings of the folder.</summary>
internal sealed class RecordingCutter(RecordingCatalog catalog, RecordingDoor door, FrameIndexes indexes, SampleWorkers workers, TimeProvider time)
{
    /// <summary>An end so little behind that of the file is a rounded one.</summary>
    public const double RoundingSeconds = 0.1;

    /// <summary>Opens a recording by its name; null where there is none, or nothing can be cut out of it.</summary>
    public OpenRecording? TryOpen(string name, bool isGrowing, out int status, out string sentence)
    {
        (status, sentence) = (StatusCodes.Status404NotFound, "There is no recording by that name.");
        if (door.TryOpen(name) is not { } file)
        {
            return null;
        }

        status = StatusCodes.Status422UnprocessableEntity;
        return OpenRecording.TryOpen(file, indexes.Get(name, file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle), isGrowing), out sentence);
    }

    /// <summary>A stretch of one recording, by its own time.</summary>
    public async Task<Results<CutAnswer, JsonHttpResult<Problem>>> CutAsync(string name, double start, double end, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(name, cancellationToken) is not { } item)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is no recording by that name.");
        }

        if (TryOpen(name, item.Recording, out var status, out var sentence) is not { } recording)
        {
            return Problem.Of(status, sentence);
        }

        // Until there is an answer that has it; whoever asked may leave while it is decoded.
        var unanswered = recording;
        try
        {
            if (IsOutside(recording, ref end, start) is { } outside)
            {
                return Problem.Of(StatusCodes.Status400BadRequest, outside);
            }

            if (await CutAsync(recording, item, start, end, cancellationToken) is not { } answer)
            {
                return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Nothing of that stretch can be read.");
            }

            unanswered = null;
            return answer;
        }
        finally
        {
            unanswered?.Dispose();
        }
    }

    private async Task<CutAnswer?> CutAsync(OpenRecording recording, RecordingItem item, double start, double end, CancellationToken cancellationToken)
    {
        var rate = recording.Frames.SampleRate;
        var stretch = new CutStretch(recording.Frames, (long)Math.Round(start * rate), (long)Math.Round(end * rate));

        // Nothing else than when it was last written tells roughly of some files when they began.
        var began = item.Started ?? DateTimeOffset.UnixEpoch.AddSeconds(item.Mtime - recording.Seconds);
        var facts = new FileFacts(item.Source ?? Path.GetFileNameWithoutExtension(item.Name), TimeZoneInfo.ConvertTime(began.AddSeconds(start), time.LocalTimeZone));
        if (await TryCutAsync([stretch], facts, cancellationToken) is not { } file)
        {
            return null;
        }

        var shown = item.Started is { } started
            ? CutName.Of(started.AddSeconds(start), started.AddSeconds(end), time.LocalTimeZone, item.Ext)
            : CutName.Of(item.Name, start, end, item.Ext);
        return new CutAnswer(file, shown, item.Ext, [recording]);
    }

    /// <summary>The file of stretches; what must be decoded of them is decoded in another process. Null where nothing of them can be read.</summary>
    public async Task<CutFile?> TryCutAsync(IReadOnlyList<CutStretch> stretches, FileFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            return await FrameFile.TryCutAsync(stretches, facts, workers.DecodeAsync, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Why a range cannot be cut, as a sentence; null when it can. An end that was rounded up is set right.</summary>
    public static string? IsOutside(OpenRecording recording, ref double end, double start)
    {
        var seconds = recording.Seconds;
        end = end > seconds && end <= seconds + RoundingSeconds ? seconds : end;
        return !(start < end) ? $"The start, {CutTime.Show(start)}, must lie before the end, {CutTime.Show(end)}, and before the end of the recording, {CutTime.Show(seconds)}."
            : end > seconds ? $"The recording ends at {CutTime.Show(seconds)}, before {CutTime.Show(end)}."
            : null;
    }
}
