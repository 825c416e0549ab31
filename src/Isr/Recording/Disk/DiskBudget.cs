using Isr.Audio;

namespace Isr.Recording.Disk;

/// <summary>
/// What all files together may keep in memory for disks that do not answer. Counted where buffers are made and
/// given back, so a frame costs nothing here.
/// </summary>
internal sealed class DiskBudget(long bytes = DiskBudget.UsualBytes)
{
    public const long UsualBytes = 256 * 1024 * 1024;

    /// <summary>
    /// What one file of audio that is coded with loss may keep: three minutes of 128 kbit/s, or the longest burst, a
    /// minute, of 320 kbit/s and then some seconds.
    /// </summary>
    public const int UsualFileBytes = 3 * 1024 * 1024;

    /// <summary>30 s at 384 kbit/s, more than any lossy codec takes for a channel.</summary>
    private const int LossyBytesPerChannel = 30 * 48 * 1024;

    /// <summary>A minute of lossless audio counts no more than this, unless 30 s of it are more.</summary>
    private const int LosslessBytes = 64 * 1024 * 1024;

    private long _taken;

    /// <summary>Bytes that there are.</summary>
    public long Limit => bytes;

    /// <summary>Bytes in use now.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>What may wait for one file: at least 30 s; of lossless audio, a minute as it would be without compression.</summary>
    public static int FileLimit(in AudioFormat format)
    {
        var second = (long)format.SampleRate * format.Channels * format.BitsPerSample / 8;
        var most = Math.Max(Math.Min(60 * second, LosslessBytes), 30 * second);
        return (int)Math.Min(Math.Max(UsualFileBytes, Math.Max(most, (long)format.Channels * LossyBytesPerChannel)), UsualBytes);
    }

    /// <summary>Takes bytes if they are left.</summary>
    public bool TryTake(int count)
    {
        if (Interlocked.Add(ref _taken, count) <= bytes)
        {
            return true;
        }

        Give(count);
        return false;
    }

    public void Give(int count) => Interlocked.Add(ref _taken, -count);
}
