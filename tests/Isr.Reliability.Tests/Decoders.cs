namespace Isr.Reliability.Tests;

/// <summary>Finds the processes that decode for a program.</summary>
internal static class Decoders
{
    /// <summary>The processes that decode for a program: children that are itself.</summary>
    public static List<int> Of(int program)
    {
        var workers = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture, out var id) && IsWorkerOf(program, folder))
            {
                workers.Add(id);
            }
        }

        return workers;
    }

    private static bool IsWorkerOf(int program, string folder)
    {
        try
        {
            // Behind the name, which may hold anything: state, parent.
            var parent = File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ')[1];
            return parent == program.ToString(System.Globalization.CultureInfo.InvariantCulture)
                && File.ReadAllText(Path.Combine(folder, "cmdline")).TrimEnd('\0').EndsWith("\0worker", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Gone since it was seen.
            return false;
        }
    }
}
