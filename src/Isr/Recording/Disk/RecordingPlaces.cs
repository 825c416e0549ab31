using Isr.Configuration;

namespace Isr.Recording.Disk;

/// <summary>One <see cref="RecordingPlace"/> for each output directory and its fallback; sources that have both in common share it.</summary>
internal sealed class RecordingPlaces(FallbackMover mover, ILogger<RecordingPlace> logger, TimeSpan? period = null) : IDisposable
{
    /// <summary>How often a directory that fails is tried.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string?), RecordingPlace> _places = [];

    public RecordingPlace For(SourceSettings source)
    {
        lock (_gate)
        {
            var key = (source.OutputDirectory, source.FallbackDirectory);
            if (!_places.TryGetValue(key, out var place))
            {
                place = new RecordingPlace(source.OutputDirectory, source.FallbackDirectory, mover, period ?? s_period, logger);
                _places.Add(key, place);
            }

            return place;
        }
    }

    /// <summary>Has what earlier runs left in the fallback directories moved; of use again once files that a crash left open are finished.</summary>
    public void TakeUp() => Array.ForEach(All(), place => place.TakeUp());

    /// <summary>False when a disk did not answer in time.</summary>
    public bool Stop(TimeSpan limit) => Array.TrueForAll(All(), place => place.Stop(limit));

    public void Dispose() => Array.ForEach(All(), place => place.Dispose());

    private RecordingPlace[] All()
    {
        lock (_gate)
        {
            return [.. _places.Values];
        }
    }
}
