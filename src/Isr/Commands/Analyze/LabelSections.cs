using System.Globalization;

namespace Isr.Commands.Analyze;

/// <summary>A label track, as Audacity imports it (https://manual.audacityteam.org/man/importing_and_exporting_labels.html).</summary>
internal sealed class LabelSections(TextWriter output) : ISectionWriter
{
    public void Write(AnalyzedFile file) => output.Write(string.Concat(file.Sections.Select(section =>
        string.Create(CultureInfo.InvariantCulture, $"{section.Start:0.000000}\t{section.End:0.000000}\t{section.Score:0.0} dB\n"))));

    public void End()
    {
    }
}
