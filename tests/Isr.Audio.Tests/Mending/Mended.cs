using Isr.Audio.Mending;

namespace Isr.Audio.Tests.Mending;

/// <summary>Mends bytes as the program mends files.</summary>
internal static class Mended
{
    public static MendPlan Plan(byte[] file, string extension, bool isLeftOpen = false) =>
        FileMender.Plan(extension, Reader(file), file.Length, isLeftOpen);

    public static ReadAt Reader(byte[] file) => (offset, destination) =>
    {
        var count = (int)Math.Clamp(file.Length - offset, 0, destination.Length);
        file.AsSpan((int)Math.Min(offset, file.Length), count).CopyTo(destination);
        return count;
    };

    public static byte[] Apply(MendPlan plan, byte[] file)
    {
        Assert.Null(plan.Refusal);
        Assert.InRange(plan.Keep, 0, file.Length + 1);
        byte[] mended = [.. file, 0];
        foreach (var patch in plan.Patches)
        {
            patch.Bytes.CopyTo(mended.AsSpan((int)patch.Offset));
        }

        return mended[..(int)plan.Keep];
    }
}
