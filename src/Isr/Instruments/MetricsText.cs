using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Isr.Instruments;

/// <summary>
/// Writes Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/): for each metric its help, its type
/// and its values. A thousand sources make a megabyte.
/// </summary>
internal sealed class MetricsText(IBufferWriter<byte> output) : IMeasurements
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly SearchValues<char> s_escaped = SearchValues.Create("\\\"\n");

    private string _name = "";

    public void Write(Instrument instrument)
    {
        Begin(instrument.Name, instrument.Kind == InstrumentKind.Counter ? "counter" : "gauge", instrument.Help);
        instrument.Read(this);
    }

    public void Write(DurationHistogram histogram)
    {
        Begin(histogram.Name, "histogram", histogram.Help);
        histogram.Read((labels, counts, sum) =>
        {
            (string, string)[] all = [.. labels, ("le", "")];
            for (var i = 0; i < counts.Length; i++)
            {
                all[^1].Item2 = i < histogram.Bounds.Length ? histogram.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                AddLine("_bucket", counts[i], all);
            }

            AddLine("_sum", sum, labels);
            AddLine("_count", counts[^1], labels);
        });
    }

    /// <summary>Begins a metric; all values of it follow.</summary>
    public void Begin(string name, string type, string help)
    {
        _name = name;
        Put($"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n# TYPE {name} {type}\n");
    }

    public void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels) => AddLine("", value, labels);

    private void AddLine(string suffix, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        Put(_name);
        Put(suffix);
        for (var i = 0; i < labels.Length; i++)
        {
            Put(i == 0 ? "{" : ",");
            Put(labels[i].Name);
            Put("=\"");
            PutEscaped(labels[i].Value);
            Put("\"");
        }

        Put(labels.Length > 0 ? "} " : " ");
        Put(value);
        Put("\n");
    }

    private void PutEscaped(string text)
    {
        if (!text.AsSpan().ContainsAny(s_escaped))
        {
            Put(text);
            return;
        }

        Put(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
    }

    /// <summary>Whole numbers are written as such up to 2^53.</summary>
    private void Put(double value)
    {
        if (!double.IsFinite(value))
        {
            Put(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
            return;
        }

        var space = output.GetSpan(32);
        int written;
        _ = value == Math.Truncate(value) && Math.Abs(value) < 1L << 53
            ? ((long)value).TryFormat(space, out written, provider: CultureInfo.InvariantCulture)
            : value.TryFormat(space, out written, "R", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void Put(ReadOnlySpan<char> text)
    {
        var space = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));

        // Half a character becomes U+FFFD.
        Utf8.FromUtf16(text, space, out _, out var written);
        output.Advance(written);
    }
}
