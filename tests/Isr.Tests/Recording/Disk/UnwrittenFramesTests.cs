using Isr.Audio;
using Isr.Recording.Disk;

namespace Isr.Tests.Recording.Disk;

public sealed class UnwrittenFramesTests
{
    private static readonly AudioFormat s_pcm = new(AudioCodec.Pcm, 48_000, 2, 16);

    [Fact]
    public void Memory_that_a_disk_that_hung_made_it_take_is_given_back()
    {
        var budget = new DiskBudget();
        var frames = new UnwrittenFrames<object>(budget);
        var file = new object();
        var samples = Add(frames, file, 0, seconds: 60);
        Assert.InRange(budget.Taken, 60 * 192_000, long.MaxValue);

        for (var written = samples; written < samples + (30 * 48_000); written = Add(frames, file, written, seconds: 1))
        {
            frames.Trim(_ => written);
        }

        Assert.InRange(budget.Taken, 1, 2 * 1024 * 1024);
    }

    [Fact]
    public void What_a_file_has_of_a_frame_is_taken_off_it()
    {
        var frames = new UnwrittenFrames<object>(new DiskBudget());
        var file = new object();
        Add(frames, file, 0, seconds: 1);
        frames.Trim(_ => 10_000);

        var first = Enumerable.Range(0, frames.Count).First(i => frames.EndAt(i) > 10_000);
        frames.CutTo(first, 10_000);

        Assert.Equal(10_000, frames.StartAt(first));
        Assert.Equal((4400, 10_000 % 256), (frames.FrameAt(first).Samples, frames.FrameAt(first).Data[0]));
        Assert.Equal(4 * 4400, frames.FrameAt(first).Data.Length);
    }

    [Fact]
    public void Frames_that_could_not_be_kept_leave_a_hole_that_shows()
    {
        var frames = new UnwrittenFrames<object>(new DiskBudget(600_000));
        var file = new object();
        var samples = Add(frames, file, 0, seconds: 5);
        Add(frames, file, samples, seconds: 1);

        var first = Enumerable.Range(0, frames.Count).First(i => frames.FileAt(i) is not null);
        Assert.InRange(frames.StartAt(first), 1, samples + 48_000);
    }

    /// <summary>Tenths of a second whose samples' first bytes are their numbers' lowest.</summary>
    private static long Add(UnwrittenFrames<object> frames, object file, long from, int seconds)
    {
        var data = new byte[4 * 4800];
        for (var i = 0; i < seconds * 10; i++)
        {
            for (var sample = 0; sample < 4800; sample++)
            {
                data[4 * sample] = (byte)(from + sample);
            }

            from += 4800;
            frames.Add(new AudioFrame(data, 4800, s_pcm), file, from);
        }

        return from;
    }
}
