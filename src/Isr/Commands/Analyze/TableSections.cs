using System.Globalization;

namespace Isr.Commands.Analyze;

/// <summary>A table for each file; on a terminal with a picture of the file's level above it.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="columns">How wide the terminal is, at most <see cref="MostColumns"/>; null where there is none.</param>
internal sealed class TableSections(TextWriter output, int? columns) : ISectionWriter
{
    public const int MostColumns = AnalyzedFile.MostPoints;

    private const string Steps = "▁▂▃▄▅▆▇█";

    /// <summary>Decibels that the picture shows at least, so that mere noise looks flat.</summary>
    private const double LeastRange = 24;

    /// <summary>Decibels below which all is silence.</summary>
    private const double Silence = -80;

    private bool _hasWritten;

    public void Write(AnalyzedFile file)
    {
        if (!file.IsDecoded)
        {
            return;
        }

        if (_hasWritten)
        {
            output.WriteLine();
        }

        _hasWritten = true;
        var count = file.Sections.Count switch { 0 => "nothing stands out", 1 => "1 section", var many => $"{many} sections" };
        output.WriteLine($"{ShownName.Of(file.Path)}: {Time(file.Duration)}, {count}");
        if (columns is { } width && file.Loudest.Count > 0)
        {
            output.WriteLine(Picture(file.Loudest, width));
        }

        if (file.Sections.Count > 0)
        {
            TextTable.Write(
                output,
                ["start", "end", "duration", "score"],
                file.Sections.Select(s => new[]
                {
                    Time(s.Start), Time(s.End), Time(AnalyzedFile.DurationOf(s)), s.Score.ToString("0.0", CultureInfo.InvariantCulture),
                }));
        }
    }

    public void End()
    {
    }

    /// <summary>The level from start to end, so many characters wide, or as many as there are levels; the highest step is the loudest.</summary>
    internal static string Picture(IReadOnlyList<double> levels, int columns)
    {
        var width = Math.Min(columns, levels.Count);
        var decibels = new double[width];
        for (var i = 0; i < width; i++)
        {
            var (from, to) = ((int)((long)levels.Count * i / width), (int)((long)levels.Count * (i + 1) / width));
            decibels[i] = Math.Max(Silence, 20 * Math.Log10(levels.Skip(from).Take(to - from).Max()));
        }

        var top = decibels.Max();
        var bottom = Math.Min(decibels.Min(), top - LeastRange);
        return string.Concat(decibels.Select(d => Steps[(int)Math.Round((d - bottom) / (top - bottom) * (Steps.Length - 1))]));
    }

    internal static string Time(double seconds)
    {
        var tenths = (long)Math.Round(seconds * 10);
        return string.Create(CultureInfo.InvariantCulture, $"{tenths / 36_000}:{tenths / 600 % 60:00}:{tenths / 10 % 60:00}.{tenths % 10}");
    }
}
