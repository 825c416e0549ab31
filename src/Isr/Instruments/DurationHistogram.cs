using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Isr.Instruments;

/// <summary>How long something took, each time, by classes of seconds. What is recorded allocates nothing once its labels were seen.</summary>
/// <param name="name">Ends in `_seconds`.</param>
/// <param name="help">What it is, a sentence.</param>
/// <param name="bounds">Upper ends of the classes in seconds, ascending; one without an end is added.</param>
/// <param name="labels">Names of at most two labels.</param>
internal sealed class DurationHistogram(string name, string help, double[] bounds, params string[] labels)
{
    /// <summary>Label values come from a program's own tables; more than this would be a mistake that eats memory.</summary>
    private const int MaxSeries = 1000;

    private readonly ConcurrentDictionary<(string, string), Series> _series = new();
    private Histogram<double>? _mirror;

    public string Name => name;

    public string Help => help;

    /// <summary>Has everything from now on told to a meter, too.</summary>
    public void Mirror(Meter meter) =>
        _mirror = meter.CreateHistogram(name, "s", help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    public void Record(TimeSpan took, string first = "", string second = "")
    {
        var seconds = took.TotalSeconds;
        if (!_series.TryGetValue((first, second), out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd((first, second), _ => new Series(new long[bounds.Length + 1]));
        }

        var place = Array.BinarySearch(bounds, seconds);
        lock (series)
        {
            series.Counts[place < 0 ? ~place : place]++;
            series.Sum += seconds;
        }

        if (_mirror is { } mirror)
        {
            Tell(mirror, seconds, first, second);
        }
    }

    /// <summary>Each series: its labels, how many were not above each bound and in all, and their sum.</summary>
    public void Read(Action<(string Name, string Value)[], long[], double> take)
    {
        foreach (var ((first, second), series) in _series.OrderBy(s => s.Key))
        {
            var sums = new long[bounds.Length + 1];
            double total;
            lock (series)
            {
                series.Counts.CopyTo(sums, 0);
                total = series.Sum;
            }

            for (var i = 1; i < sums.Length; i++)
            {
                sums[i] += sums[i - 1];
            }

            take(
                labels.Length switch
                {
                    0 => [],
                    1 => [(labels[0], first)],
                    _ => [(labels[0], first), (labels[1], second)],
                },
                sums,
                total);
        }
    }

    public ReadOnlySpan<double> Bounds => bounds;

    private void Tell(Histogram<double> mirror, double seconds, string first, string second)
    {
        switch (labels.Length)
        {
            case 0:
                mirror.Record(seconds);
                break;
            case 1:
                mirror.Record(seconds, new KeyValuePair<string, object?>(labels[0], first));
                break;
            default:
                mirror.Record(seconds, new KeyValuePair<string, object?>(labels[0], first), new KeyValuePair<string, object?>(labels[1], second));
                break;
        }
    }

    private sealed class Series(long[] counts)
    {
        public long[] Counts => counts;

        public double Sum { get; set; }
    }
}
