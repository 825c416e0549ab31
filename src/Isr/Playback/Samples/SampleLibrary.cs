using Isr.Analysis.Worker.Samples;
using Isr.Audio.Cutting;
using Isr.Audio.Wav;
using Isr.Catalog;
using Isr.Playback.Cutting;

namespace Isr.Playback.Samples;

/// <summary>A recording that was opened for its samples.</summary>
/// <param name="Samples">Its samples; whoever opened it disposes of them.</param>
/// <param name="IsGrowing">It is being recorded.</param>
/// <param name="Length">In bytes, as far as it is looked at.</param>
/// <param name="Modified">UTC.</param>
internal sealed record OpenedRecording(RecordingSamples Samples, bool IsGrowing, long Length, DateTime Modified);

/// <summary>Opens recordings by name for their samples.</summary>
internal sealed class SampleLibrary(RecordingCatalog catalog, RecordingDoor door, FrameIndexes indexes, SampleWorkers workers)
{
    /// <summary>The recording, or a status of HTTP and a sentence.</summary>
    public async Task<(OpenedRecording? Recording, int Status, string Sentence)> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(name, cancellationToken) is not { } item || door.TryOpen(name) is not { } file)
        {
            return (null, StatusCodes.Status404NotFound, "There is no recording by that name.");
        }

        try
        {
            var (length, modified) = (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
            if (TryOpen(file, length, modified, item, out var sentence) is { } samples)
            {
                file = null;
                return (new OpenedRecording(samples, item.Recording, length, modified), StatusCodes.Status200OK, "");
            }

            return (null, StatusCodes.Status422UnprocessableEntity, sentence);
        }
        catch (IOException e)
        {
            return (null, StatusCodes.Status422UnprocessableEntity, $"It cannot be read: {e.Message}");
        }
        finally
        {
            file?.Dispose();
        }
    }

    private RecordingSamples? TryOpen(FileStream file, long length, DateTime modified, RecordingItem item, out string sentence)
    {
        var handle = file.SafeFileHandle;
        int Read(long offset, Span<byte> destination) => RandomAccess.Read(handle, destination, offset);
        Span<byte> start = stackalloc byte[4];
        if (Read(0, start) == start.Length && (start.SequenceEqual("RIFF"u8) || start.SequenceEqual("RF64"u8)))
        {
            var isWav = WavFileInfo.TryRead(Read, length, out var info, isLeftOpen: item.Recording);
            sentence = info.Refusal ?? "It is no WAV file.";
            return isWav ? new WavSamples(file, info) : null;
        }

        // By the time that the frames are found it may have started.
        workers.Warm();
        var index = indexes.Get(item.Name, length, modified, item.Recording);
        return CodedFile.TryOpen(Read, length, item.Ext, index, out sentence) is { } coded ? new CodedSamples(file, coded, workers.DecodeAsync) : null;
    }
}
