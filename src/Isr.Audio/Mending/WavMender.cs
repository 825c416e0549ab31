using System.Buffers.Binary;
using Isr.Audio.Wav;

namespace Isr.Audio.Mending;

/// <summary>
/// Mends WAV files: a torn last sample goes, and the sizes say what is there. What is longer than 4 GiB becomes RF64 where
/// a JUNK chunk has left the room for it.
/// </summary>
internal static class WavMender
{
    public static MendPlan Plan(ReadAt read, long length, bool isLeftOpen)
    {
        if (!WavFileInfo.TryRead(read, length, out var info, isLeftOpen))
        {
            return MendPlan.Refused("has no WAV header that says what its samples are");
        }

        var plan = new MendPlan { Keep = length, Samples = info.Samples, SampleRate = info.SampleRate, Channels = info.Channels };
        if (!info.IsUnfinished)
        {
            return plan;
        }

        var end = info.DataOffset + info.DataLength;

        // Where the data is said to end as it does, only the size of all was never written.
        var keep = info.IsDataTrue ? length : end + (end & 1);
        var riff = keep - WavChunks.HeaderBytes;
        var isLarge = info.IsRf64 || WavSizes.AreLarge(riff);
        if (isLarge && info.RoomOffset == 0)
        {
            return MendPlan.Refused("is longer than the 4 GiB that its header can tell, which has no room for more");
        }

        var patches = new List<MendPatch>();
        AddIfOther(read, patches, 0, MakeHead(info, riff, isLarge));
        if (info.FactOffset > 0)
        {
            AddIfOther(read, patches, info.FactOffset, UInt32(info.Samples));
        }

        AddIfOther(read, patches, info.DataOffset - sizeof(uint), UInt32(isLarge ? WavChunks.NoSize : info.DataLength));
        if (!info.IsDataTrue && keep > end)
        {
            AddIfOther(read, patches, end, [0]);
        }

        return plan with { Keep = keep, Patches = patches };
    }

    private static byte[] MakeHead(in WavFileInfo info, long riff, bool isLarge)
    {
        var head = new byte[isLarge ? info.RoomOffset + WavChunks.HeaderBytes + WavChunks.Ds64Bytes : WavChunks.RiffBytes];
        if (isLarge)
        {
            WavSizes.WriteRf64(head, (int)info.RoomOffset, info.RoomLength, riff, info.DataLength, info.Samples);
        }
        else
        {
            WavSizes.WriteRiff(head, riff);
        }

        return head;
    }

    private static byte[] UInt32(long value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Math.Min(value, uint.MaxValue));
        return bytes;
    }

    private static void AddIfOther(ReadAt read, List<MendPatch> patches, long at, byte[] bytes)
    {
        var now = new byte[bytes.Length];
        if (FileWindow.ReadFully(read, at, now) < now.Length || !now.AsSpan().SequenceEqual(bytes))
        {
            patches.Add(new MendPatch(at, bytes));
        }
    }
}
