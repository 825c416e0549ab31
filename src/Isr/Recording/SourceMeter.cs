using Isr.Audio.Levels;

namespace Isr.Recording;

/// <summary>
/// One source's last windows, in a ring. Written by one task, which never waits; read by any number of others, each
/// of which remembers how far it was. Who comes late finds the newest only.
/// </summary>
internal sealed class SourceMeter
{
    /// <summary>Channels that are shown.</summary>
    public const int MaxChannels = 32;

    /// <summary>How long a window sounds.</summary>
    public static readonly TimeSpan WindowLength = TimeSpan.FromMilliseconds(100);

    /// <summary>Windows that are kept: a device that hands over a second at a time loses none.</summary>
    private const int Kept = 16;

    private readonly Slot[] _slots = [.. Enumerable.Range(0, Kept).Select(_ => new Slot())];
    private long _shown;
    private long _behindTicks;

    public SourceMeter(string source) => Source = source;

    public string Source { get; }

    /// <summary>Where a reader stands that wants only what comes from now on.</summary>
    public long Position => Volatile.Read(ref _shown);

    /// <summary>How long ago the newest window sounded; zero where it is shown at once.</summary>
    public TimeSpan Behind
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _behindTicks));
        set => Interlocked.Exchange(ref _behindTicks, value.Ticks);
    }

    /// <summary>Called for every whole window, by one task.</summary>
    public void Show(LevelWindow window)
    {
        var number = _shown;
        var slot = _slots[number % Kept];

        // A reader that meets the slot between these two numbers leaves it alone.
        Volatile.Write(ref slot.Number, -1);
        Interlocked.MemoryBarrier();
        slot.Rms = window.Rms;
        slot.Clipped = window.Clipped;
        slot.Channels = Math.Min(window.Peaks.Length, MaxChannels);
        window.Peaks[..slot.Channels].CopyTo(slot.Peaks);
        Volatile.Write(ref slot.Number, number);
        Volatile.Write(ref _shown, number + 1);
    }

    /// <summary>
    /// What was shown since the position, taken together: RMS over all of it, highest peaks, clipped samples in all. False when
    /// there is nothing new.
    /// </summary>
    public bool TryTake(ref long position, MeterReading reading)
    {
        var end = Position;
        var at = Math.Max(position, end - Kept);
        position = end;
        reading.Clear();
        for (; at < end; at++)
        {
            var slot = _slots[at % Kept];
            if (Volatile.Read(ref slot.Number) == at)
            {
                var (rms, clipped, channels) = (slot.Rms, slot.Clipped, slot.Channels);
                var peaks = reading.Spare;
                slot.Peaks.CopyTo(peaks);
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref slot.Number) == at)
                {
                    reading.Add(rms, clipped, peaks.AsSpan(0, channels));
                }
            }
        }

        return reading.Windows > 0;
    }

    private sealed class Slot
    {
        public readonly ushort[] Peaks = new ushort[MaxChannels];
        public long Number = -1;
        public uint Rms;
        public ushort Clipped;
        public int Channels;
    }
}
