namespace Isr.Tests.EndToEnd;

/// <summary>The long form of the reliability tests, with ISR_CAMPAIGN=full, and where its figures go.</summary>
internal static class Campaign
{
    public static bool IsFull => Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full";

    /// <summary>Writes artifacts/campaign/NAME.md: a heading and a table.</summary>
    public static void WriteTable(string name, string heading, string[] columns, IEnumerable<string[]> rows)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "campaign")).FullName;
        string[] lines =
        [
            $"# {heading}",
            "",
            $"| {string.Join(" | ", columns)} |",
            $"|{string.Concat(columns.Select(_ => "---|"))}",
            .. rows.Select(row => $"| {string.Join(" | ", row)} |"),
        ];
        File.WriteAllLines(Path.Combine(folder, name + ".md"), lines);
    }

    /// <summary>The project's folder.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Isr.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("This is not the project's folder.");
        }

        return folder;
    }
}
