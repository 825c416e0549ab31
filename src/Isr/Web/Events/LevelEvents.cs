using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Recording;

namespace Isr.Web.Events;

/// <summary>One source's part of a `levels` event: dB of full scale, null for silence.</summary>
internal sealed record LevelEvent(string Source, double? Rms, double?[] Peak, int Clipped)
{
    /// <summary>Seconds since it sounded; null for what is measured as it comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Behind { get; init; }
}

/// <summary>Reads all meters for one event.</summary>
internal sealed class LevelEvents(LiveMeters meters)
{
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly List<(string Source, string Json)> _news = [];
    private readonly MeterReading _reading = new();

    /// <summary>Passes over what was shown while nobody looked.</summary>
    public void Begin()
    {
        foreach (var meter in meters.All)
        {
            _positions[meter.Source] = meter.Position;
        }
    }

    /// <summary>Takes what is new. False when nothing is.</summary>
    public bool Read()
    {
        _news.Clear();
        foreach (var meter in meters.All)
        {
            var position = _positions.GetValueOrDefault(meter.Source);
            if (meter.TryTake(ref position, _reading))
            {
                var peaks = new double?[_reading.Channels];
                for (var i = 0; i < peaks.Length; i++)
                {
                    peaks[i] = _reading.Peak(i);
                }

                _news.Add((meter.Source, JsonSerializer.Serialize(Describe(meter, peaks), WebJson.Default.LevelEvent)));
            }

            _positions[meter.Source] = position;
        }

        return _news.Count > 0;
    }

    private LevelEvent Describe(SourceMeter meter, double?[] peaks) => new(meter.Source, _reading.Rms, peaks, _reading.Clipped)
    {
        Behind = meter.Behind > TimeSpan.Zero ? Math.Round(meter.Behind.TotalSeconds, 1) : null,
    };

    /// <summary>An array of what was read last, of these sources; of all when there are none. Null when it holds nothing.</summary>
    public string? Json(IReadOnlySet<string> sources)
    {
        var json = new StringBuilder("[");
        foreach (var (source, item) in _news)
        {
            if (sources.Count == 0 || sources.Contains(source))
            {
                json.Append(json.Length > 1 ? "," : "").Append(item);
            }
        }

        return json.Length > 1 ? json.Append(']').ToString() : null;
    }
}
