using System.Collections.Concurrent;

namespace Isr.Recording;

/// <summary>What each source sounds like now, for those who look.</summary>
internal sealed class LiveMeters
{
    private readonly ConcurrentDictionary<string, SourceMeter> _meters = new(StringComparer.Ordinal);

    public IEnumerable<SourceMeter> All => _meters.Values;

    public SourceMeter For(string source) => _meters.GetOrAdd(source, name => new SourceMeter(name));
}
