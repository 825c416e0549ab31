using Isr.Audio.Flac;
using Isr.Audio.Wav;

namespace Isr.Audio.Mending;

/// <summary>
/// The first bytes of a file that is being written, true for the first so many bytes of it: what its own head tells was written a moment
/// before or after those. It is read once and kept, since the one on disk changes meanwhile.
/// </summary>
public sealed class GrowingHead
{
    /// <summary>A head with more in it than this is left as it is.</summary>
    private const int MaxBytes = 64 * 1024;
    private const int FewFrames = 64 * 1024;
    private const int InfoOffset = 8;

    private GrowingHead(byte[] bytes, long length) => (Bytes, Length) = (bytes, length);

    /// <summary>What to send in place of the file's first bytes; empty where these are good as they are.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>How long the file is for whoever gets this head: without a part of a sample at its end.</summary>
    public long Length { get; }

    /// <summary>Reads the head of a WAV or FLAC file; other formats have none that tells how long they are, or need none.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="length">How much of it there is.</param>
    public static GrowingHead Of(ReadAt read, long length)
    {
        ArgumentNullException.ThrowIfNull(read);

        var start = new byte[(int)Math.Min(MaxBytes, length)];
        start = start[..FileWindow.ReadFully(read, 0, start)];

        // From here on the beginning is what it was just now.
        int ReadAsOfNow(long offset, Span<byte> destination)
        {
            if (offset >= start.Length)
            {
                return read(offset, destination);
            }

            var count = Math.Min(destination.Length, start.Length - (int)offset);
            start.AsSpan((int)offset, count).CopyTo(destination);
            return count;
        }

        return start.AsSpan().StartsWith("fLaC"u8) ? OfFlac(start, read, length)
            : start.AsSpan().StartsWith("RIFF"u8) || start.AsSpan().StartsWith("RF64"u8) ? OfWav(start, ReadAsOfNow, length)
            : new GrowingHead([], length);
    }

    private static GrowingHead OfWav(byte[] start, ReadAt read, long length)
    {
        if (!WavFileInfo.TryRead(read, length, out var info, isLeftOpen: true) || info.DataOffset > start.Length)
        {
            return new GrowingHead([], length);
        }

        // An odd number of bytes would need one more behind it, which is not there.
        var end = info.DataOffset + info.DataLength;
        end -= (end & 1) == 0 || info.DataLength == 0 ? 0 : info.BlockAlign;
        var plan = WavMender.Plan(read, end, isLeftOpen: true);
        if (plan.Refusal is not null || plan.Keep != end)
        {
            return new GrowingHead([], length);
        }

        var head = start[..(int)info.DataOffset];
        foreach (var patch in plan.Patches)
        {
            patch.Bytes.CopyTo(head.AsSpan((int)patch.Offset));
        }

        return new GrowingHead(head, end);
    }

    private static GrowingHead OfFlac(byte[] start, ReadAt read, long length)
    {
        var infoBytes = start.AsSpan(Math.Min(start.Length, InfoOffset));
        if (!FlacBlock.IsStreamStart(start) || !FlacStreamInfo.TryRead(infoBytes, out var info))
        {
            return new GrowingHead([], length);
        }

        var head = start[..FlacMetadata.StartBytes];
        var samples = CountSamples(read, length, info);
        if (samples != info.TotalSamples)
        {
            // The sizes of frames may be others by now, too.
            (info with { TotalSamples = samples, MinFrame = 0, MaxFrame = 0 }).Write(head.AsSpan(InfoOffset));
        }

        return new GrowingHead(head, length);
    }

    /// <summary>Up to the end of the last whole frame, which is known by its number; 0 where none is found.</summary>
    private static long CountSamples(ReadAt read, long length, in FlacStreamInfo info)
    {
        for (var wanted = FewFrames; ; wanted = Math.Min(2 * wanted, 2 * FlacHeader.MostFrameBytes))
        {
            var end = new byte[(int)Math.Min(wanted, length)];
            var from = length - end.Length;
            end = end[..FileWindow.ReadFully(read, from, end)];
            if (LastFrame(end) is { } last)
            {
                return last.IsVariable ? last.NextNumber : (last.Number * Math.Max(info.MaxBlock, last.BlockSize)) + last.BlockSize;
            }

            if (from <= 0 || wanted >= 2 * FlacHeader.MostFrameBytes)
            {
                return 0;
            }
        }
    }

    private static FlacHeader? LastFrame(ReadOnlySpan<byte> end)
    {
        FlacHeader? last = null;
        var finder = new FlacFrameFinder();
        while (finder.Next(end, isFinal: true, out var skipped, out var length, out var header) is var found && found != FlacFind.Nothing)
        {
            // A marker in the midst of frames is chance; it is passed over as a reader would do it.
            end = end[(skipped + (found == FlacFind.Frame ? length : 1))..];
            last = found == FlacFind.Frame ? header : last;
        }

        return last;
    }
}
