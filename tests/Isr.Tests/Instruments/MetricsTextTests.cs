using System.Buffers;
using System.Text;
using Isr.Instruments;

namespace Isr.Tests.Instruments;

public sealed class MetricsTextTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [Fact]
    public void Labels_may_hold_anything()
    {
        var text = new MetricsText(_output);
        text.Begin("a", "gauge", "back\\slash\nline");
        text.Add(0.1, ("one", "q\"b\\n\nü"), ("two", ""));
        text.Add(12345678901234);
        text.Add(double.NegativeInfinity);

        Assert.Equal("# HELP a back\\\\slash\\nline\n# TYPE a gauge\na{one=\"q\\\"b\\\\n\\nü\",two=\"\"} 0.1\na 12345678901234\na -Inf\n", Text());
    }

    [Fact]
    public void A_half_character_becomes_the_replacement_character()
    {
        var text = new MetricsText(_output);
        text.Begin("a", "gauge", "b");
        text.Add(1, ("one", "x\ud83dy"));

        Assert.EndsWith("a{one=\"x\ufffdy\"} 1\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_what_is_not_above_each_bound()
    {
        var histogram = new DurationHistogram("a_seconds", "b", [0.5, 2], "route", "status");
        histogram.Record(TimeSpan.FromSeconds(0.5), "/x", "200");
        histogram.Record(TimeSpan.FromSeconds(1), "/x", "200");
        histogram.Record(TimeSpan.FromSeconds(3), "/x", "200");

        new MetricsText(_output).Write(histogram);

        Assert.Equal(
            """
            # HELP a_seconds b
            # TYPE a_seconds histogram
            a_seconds_bucket{route="/x",status="200",le="0.5"} 1
            a_seconds_bucket{route="/x",status="200",le="2"} 2
            a_seconds_bucket{route="/x",status="200",le="+Inf"} 3
            a_seconds_sum{route="/x",status="200"} 4.5
            a_seconds_count{route="/x",status="200"} 3

            """,
            Text());
    }

    [Fact]
    public void A_histogram_has_only_so_many_series()
    {
        var histogram = new DurationHistogram("a_seconds", "b", [1], "route");
        for (var i = 0; i < 5000; i++)
        {
            histogram.Record(TimeSpan.Zero, $"/{i}");
        }

        var series = 0;
        histogram.Read((_, _, _) => series++);
        Assert.Equal(1000, series);
    }

    private string Text() => Encoding.UTF8.GetString(_output.WrittenSpan);
}
