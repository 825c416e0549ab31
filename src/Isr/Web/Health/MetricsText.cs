using System.Globalization;
using System.Text;

namespace Isr.Web.Health;

/// <summary>Writes Prometheus' text format, version 0.0.4: for each metric its help, its type and its values.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public void Begin(string name, string type, string help) =>
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    /// <param name="name">As it was begun.</param>
    /// <param name="value">Whole numbers are written as such up to 2^53.</param>
    /// <param name="labels">Names and their values, which may be anything.</param>
    public void Add(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            foreach (var letter in labels[i].Value)
            {
                _ = letter switch
                {
                    '\\' => _text.Append("\\\\"),
                    '"' => _text.Append("\\\""),
                    '\n' => _text.Append("\\n"),
                    _ => _text.Append(letter),
                };
            }

            _text.Append('"');
        }

        _text.Append(labels.Length > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>One metric without labels.</summary>
    public void Add(string name, string type, string help, double value)
    {
        Begin(name, type, help);
        Add(name, value);
    }

    public override string ToString() => _text.ToString();
}
