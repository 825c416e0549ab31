using Isr.Audio.Flac;

namespace Isr.Audio.Mending;

/// <summary>
/// Mends FLAC files: a torn last frame goes, and STREAMINFO says what is there. Frames are known by their CRC-16.
/// </summary>
internal static class FlacMender
{
    // So many zeros are what a file system leaves behind data that never reached the disk, and no end of a frame.
    private const int ManyZeros = 64;
    private const int MostZerosOfFrame = 2;

    public static MendPlan Plan(ReadAt read, long length, bool isLeftOpen)
    {
        var infoAt = FindStreamInfo(read, length, out var info);
        if (infoAt is null)
        {
            return MendPlan.Refused("has no FLAC header, which cannot be put before what is there");
        }

        var zeros = isLeftOpen ? CountZeros(read, length) : 0;

        // The checksum that ends the last frame may be zero, too; zeros behind a frame leave it true.
        var tags = TrailingTags.Measure(read, length);
        var limit = zeros < ManyZeros ? length - tags : length - zeros + MostZerosOfFrame;
        var count = new FlacRecount();
        count.Read(new FileWindow(read, limit));
        if (count.Counts is not { } counts)
        {
            return MendPlan.Refused("holds no whole frame of FLAC");
        }

        var isCut = count.IsOurs || isLeftOpen || IsTornFrame(read, count.End);
        var truth = counts.ToStreamInfo(0);

        // Behind the last frame of a file that others made, bytes that are no frame may hide one.
        var isFixed = (count.IsOurs || (count.IsOneRun && (isCut || count.End == limit))) && IsUntrue(info, truth, count.IsOurs);
        return new MendPlan
        {
            Keep = isCut && tags == 0 ? count.End : length,
            Patches = isFixed ? [new MendPatch(infoAt.Value, Written(truth))] : [],
            Samples = counts.Samples,
            SampleRate = info.SampleRate,
            Channels = info.Channels,
        };
    }

    /// <summary>
    /// Whether STREAMINFO must be written anew. Limits that are wider than need be are true; those of other programs
    /// are their own affair as long as the number of samples is right.
    /// </summary>
    public static bool IsUntrue(in FlacStreamInfo info, in FlacStreamInfo truth, bool isOurs) =>
        info.TotalSamples != truth.TotalSamples
        || (isOurs
            && (info.MinBlock > truth.MinBlock
                || info.MaxBlock < truth.MaxBlock
                || (info.MinFrame > truth.MinFrame && truth.MinFrame > 0)
                || (info.MaxFrame > 0 && info.MaxFrame < truth.MaxFrame)));

    private static byte[] Written(in FlacStreamInfo info)
    {
        var block = new byte[FlacStreamInfo.Size];
        info.Write(block);
        return block;
    }

    private static long? FindStreamInfo(ReadAt read, long length, out FlacStreamInfo info)
    {
        info = default;
        var window = new FileWindow(read, length);
        MpegMender.SkipTags(window, out _);
        var start = window.Peek(FlacMetadata.StartBytes);
        var infoOffset = FlacBlock.Marker.Length + FlacBlock.HeaderBytes;
        return FlacBlock.IsStreamStart(start) && FlacStreamInfo.TryRead(start[infoOffset..], out info) ? window.Position + infoOffset : null;
    }

    private static bool IsTornFrame(ReadAt read, long at)
    {
        Span<byte> start = stackalloc byte[FlacHeader.MaxHeaderBytes];
        start = start[..FileWindow.ReadFully(read, at, start)];
        return FlacHeader.TryRead(start, out _)
            || (start.Length is > 0 and < FlacHeader.MaxHeaderBytes && start[0] == 0xFF && (start.Length == 1 || (start[1] & 0xFE) == 0xF8));
    }

    private static long CountZeros(ReadAt read, long length)
    {
        var block = new byte[64 * 1024];
        var zeros = 0L;
        while (zeros < length)
        {
            var wanted = (int)Math.Min(block.Length, length - zeros);
            var got = block.AsSpan(0, FileWindow.ReadFully(read, length - zeros - wanted, block.AsSpan(0, wanted)));
            var last = got.LastIndexOfAnyExcept((byte)0);
            if (last >= 0 || got.IsEmpty)
            {
                return zeros + got.Length - 1 - last;
            }

            zeros += got.Length;
        }

        return zeros;
    }
}
