namespace Isr.Audio.Mending;

/// <summary>
/// Finds out what a file lacks that a crash left open. The file is read forward, once, in blocks; what is held of it is
/// bounded whatever its bytes are. Frames are never changed: what is not whole at the end goes, and headers say what is there.
/// </summary>
public static class FileMender
{
    private const int HeadBytes = 12;

    /// <summary>Makes the plan for one file.</summary>
    /// <param name="extension">Of its name, lower case, with the dot: where the bytes do not tell the format.</param>
    /// <param name="read">Reads the file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="isLeftOpen">
    /// It is known that the file was being written when all ended, so that anything behind its last whole frame is a
    /// remainder. Otherwise only what is the beginning of a frame is one, unless the file says that this program made it.
    /// </param>
    public static MendPlan Plan(string extension, ReadAt read, long length, bool isLeftOpen)
    {
        ArgumentNullException.ThrowIfNull(read);

        Span<byte> head = stackalloc byte[HeadBytes];
        head = head[..FileWindow.ReadFully(read, 0, head[..(int)Math.Min(length, HeadBytes)])];
        if (head.IsEmpty)
        {
            return MendPlan.Refused("is empty");
        }

        return head switch
        {
            _ when head.StartsWith("OggS"u8) => OggMender.Plan(read, length, isLeftOpen),
            _ when head.StartsWith("fLaC"u8) => FlacMender.Plan(read, length, isLeftOpen),
            _ when head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) => WavMender.Plan(read, length, isLeftOpen),
            _ => extension switch
            {
                ".mp3" => MpegMender.Plan(read, length, isLeftOpen),
                ".aac" => AdtsMender.Plan(read, length, isLeftOpen),
                ".flac" => FlacMender.Plan(read, length, isLeftOpen),
                ".ogg" or ".oga" or ".opus" => MendPlan.Refused("does not begin with an Ogg page"),
                ".wav" => MendPlan.Refused("does not begin with a WAV header"),
                _ => MendPlan.Refused("is of no format that is known here"),
            },
        };
    }
}
