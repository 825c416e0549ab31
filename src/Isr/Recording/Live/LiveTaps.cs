using System.Collections.Concurrent;

namespace Isr.Recording.Live;

/// <summary>All sources that can be heard in this process.</summary>
internal sealed class LiveTaps
{
    /// <summary>What all listeners let wait must fit into memory.</summary>
    public const int MaxListeners = 100;

    private readonly ConcurrentDictionary<string, LiveTap> _taps = new(StringComparer.Ordinal);
    private int _listeners;

    public IEnumerable<LiveTap> All => _taps.Values;

    public LiveTap For(string source, bool prefersFlac = false) => _taps.GetOrAdd(source, name => new LiveTap(name) { PrefersFlac = prefersFlac });

    public LiveTap? Find(string source) => _taps.GetValueOrDefault(source);

    /// <summary>Null when there are listeners enough. To be disposed when it leaves.</summary>
    public FrameListener? TryListen(LiveTap tap)
    {
        if (Interlocked.Increment(ref _listeners) > MaxListeners)
        {
            Interlocked.Decrement(ref _listeners);
            return null;
        }

        return tap.Listen(() => Interlocked.Decrement(ref _listeners));
    }
}
