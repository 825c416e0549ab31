using Isr.Sources;

namespace Isr.Recording.Status;

/// <summary>How loud each source was in the last moments, for whoever looks now and then. Listened to by one task.</summary>
internal sealed class Loudnesses(TimeProvider time)
{
    /// <summary>A source that gave nothing new for so long has no loudness.</summary>
    private static readonly TimeSpan s_goodFor = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (SourceLoudness Loudness, long At)> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly MeterReading _reading = new();

    /// <summary>Null while it is not known.</summary>
    public SourceLoudness? Of(string source)
    {
        lock (_gate)
        {
            return _last.TryGetValue(source, out var last) && time.GetElapsedTime(last.At) < s_goodFor ? last.Loudness : null;
        }
    }

    /// <summary>Takes what is new.</summary>
    public void Listen(LiveMeters meters)
    {
        foreach (var meter in meters.All)
        {
            var position = _positions.GetValueOrDefault(meter.Source);
            var isNew = meter.TryTake(ref position, _reading);
            _positions[meter.Source] = position;
            if (isNew)
            {
                var peaks = new double?[_reading.Channels];
                for (var i = 0; i < peaks.Length; i++)
                {
                    peaks[i] = _reading.Peak(i);
                }

                var loudness = new SourceLoudness(_reading.Rms, peaks, meter.Behind > TimeSpan.Zero ? Math.Round(meter.Behind.TotalSeconds, 1) : null);
                lock (_gate)
                {
                    _last[meter.Source] = (loudness, time.GetTimestamp());
                }
            }
        }
    }
}
