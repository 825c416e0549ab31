using System.Collections.Concurrent;
using Isr.Analysis;
using Isr.Audio.Levels;

namespace Isr.Catalog.Levels;

/// <summary>
/// Levels of what is being recorded, up to now. A timeline asks for the same file in several tiles, again and again; what is known already is not decoded once more
/// for a tile that ends before it, nor as long as decoding it would take the better part of the time.
/// </summary>
internal sealed class GrowingLevels(LevelStore store, LevelRequests requests, TimeProvider time)
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private const int MostShare = 10;

    /// <summary>Nobody looks at it any more.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Null while nothing of it can be decoded.</summary>
    /// <param name="name">The recording.</param>
    /// <param name="seconds">Of its beginning, that are wanted.</param>
    /// <param name="cancellationToken">Nobody wants to know any longer.</param>
    public async Task<RecordingLevels?> GetAsync(string name, double seconds, CancellationToken cancellationToken)
    {
        foreach (var (other, old) in _known)
        {
            if (time.GetElapsedTime(old.At) > s_kept)
            {
                _known.TryRemove(KeyValuePair.Create(other, old));
            }
        }

        if (_known.TryGetValue(name, out var known) && (known.Seconds >= seconds || time.GetElapsedTime(known.At) < known.GoodFor))
        {
            return known.Levels;
        }

        var began = time.GetTimestamp();
        var levels = (await requests.GetSoFarAsync(store.RecordingOf(name), Urgency.Asked, cancellationToken)).Levels;
        var (now, took) = (time.GetTimestamp(), time.GetElapsedTime(began) * MostShare);
        _known[name] = new Known(levels, now, took > s_least ? took : s_least);
        return levels;
    }

    private sealed record Known(RecordingLevels? Levels, long At, TimeSpan GoodFor)
    {
        /// <summary>Of whole windows: the last one may not have been full.</summary>
        public double Seconds => Levels is null ? 0 : (double)(Levels.Samples - Levels.WindowSamples) / Levels.SampleRate;
    }
}
