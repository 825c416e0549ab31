using Isr.Audio.Levels;
using Isr.Recording;

namespace Isr.Analysis;

/// <summary>
/// Shows windows that were measured many at a time one after the other, at the pace at which they sounded. Filled by one task at a time, shown by
/// another.
/// </summary>
internal sealed class DelayedMeter(SourceMeter meter, TimeProvider time)
{
    /// <summary>Of a window.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>What is older is passed over.</summary>
    private const int MostWaiting = 900;

    private readonly Lock _gate = new();
    private readonly Queue<Window> _waiting = new();
    private long _shownAt = time.GetTimestamp();
    private long _newestAt;

    /// <summary>Adds what has been recorded since the last time: its whole windows.</summary>
    /// <returns>How many there were.</returns>
    public int Add(RecordingLevels levels)
    {
        var whole = (int)Math.Min(levels.Samples / levels.WindowSamples, levels.Rms.Length);
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _shownAt = time.GetTimestamp();
            }

            for (var i = Math.Max(0, whole - MostWaiting); i < whole; i++)
            {
                _waiting.Enqueue(new Window(levels, i));
            }

            while (_waiting.Count > MostWaiting)
            {
                _waiting.Dequeue();
            }

            _newestAt = time.GetTimestamp();
        }

        return whole;
    }

    /// <summary>Shows what is due.</summary>
    public void Show()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0 && time.GetElapsedTime(_shownAt) >= Period)
            {
                _shownAt += (long)(Period.TotalSeconds * time.TimestampFrequency);
                var window = _waiting.Dequeue();
                meter.Behind = time.GetElapsedTime(_newestAt) + (_waiting.Count * Period);
                meter.Show(new LevelWindow { Rms = window.Rms, Minimum = window.Minimum, Maximum = window.Maximum, Peaks = window.Peaks, Clipped = window.Clipped });
            }
        }
    }

    private readonly struct Window(RecordingLevels levels, int index)
    {
        public readonly uint Rms = levels.Rms.Span[index];
        public readonly short Minimum = levels.Minimum.Span[index];
        public readonly short Maximum = levels.Maximum.Span[index];
        public readonly ushort Clipped = levels.Clipped.Span[index];
        public readonly ushort[] Peaks = [.. levels.Peaks.Select(peaks => peaks.Span[index])];
    }
}
