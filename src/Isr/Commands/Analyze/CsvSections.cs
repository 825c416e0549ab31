using System.Globalization;
using System.Text;

namespace Isr.Commands.Analyze;

/// <summary>A line for each section (RFC 4180); a file in which nothing stands out has none.</summary>
internal sealed class CsvSections : ISectionWriter
{
    private const string LineEnd = "\r\n";

    private readonly TextWriter _output;

    public CsvSections(TextWriter output)
    {
        _output = output;
        output.Write("file,start,end,duration,score" + LineEnd);
    }

    public void Write(AnalyzedFile file)
    {
        var lines = new StringBuilder();
        var name = file.Path.AsSpan().ContainsAny(",\"\r\n") ? $"\"{file.Path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : file.Path;
        foreach (var section in file.Sections)
        {
            lines.Append(
                CultureInfo.InvariantCulture, $"{name},{section.Start:0.0},{section.End:0.0},{AnalyzedFile.DurationOf(section):0.0},{section.Score:0.0}{LineEnd}");
        }

        _output.Write(lines);
    }

    public void End()
    {
    }
}
