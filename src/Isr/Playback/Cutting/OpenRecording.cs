using Isr.Audio.Cutting;

namespace Isr.Playback.Cutting;

/// <summary>A recording that is open to be cut, as long as it was then.</summary>
internal sealed class OpenRecording : IDisposable
{
    private readonly FileStream _file;

    private OpenRecording(FileStream file, CodedFile frames) => (_file, Frames) = (file, frames);

    public CodedFile Frames { get; }

    public double Seconds => (double)Frames.Samples / Frames.SampleRate;

    /// <summary>Takes a file over. Null where nothing can be cut out of it, with a sentence.</summary>
    public static OpenRecording? TryOpen(FileStream file, FrameIndex? index, out string sentence)
    {
        OpenRecording? opened = null;
        try
        {
            var handle = file.SafeFileHandle;
            var frames = CodedFile.TryOpen(
                (offset, destination) => RandomAccess.Read(handle, destination, offset), file.Length, Path.GetExtension(file.Name).ToLowerInvariant(), index, out sentence);
            return opened = frames is null ? null : new OpenRecording(file, frames);
        }
        catch (IOException e)
        {
            sentence = $"It cannot be read: {e.Message}";
            return null;
        }
        finally
        {
            if (opened is null)
            {
                file.Dispose();
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
