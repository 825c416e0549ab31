namespace Isr.Reliability.Tests;

/// <summary>
/// What the rows ask of the program that it does not do yet. A word goes from this list when it does; with
/// ISR_AWAITED=none all of it is asked for.
/// </summary>
internal static class Awaited
{
    /// <summary>The burst of a new connection is joined to what was recorded: nothing is doubled.</summary>
    public const string Healing = "healing";

    /// <summary>Files that a crash left open are finished by the next start, and the journal has it.</summary>
    public const string Recovery = "recovery";

    /// <summary><c>fallback_directory</c>.</summary>
    public const string Fallback = "fallback";

    /// <summary>The second of two processes names the first.</summary>
    public const string LockNamesFirst = "lock";

    private static readonly string[] s_lacking = Environment.GetEnvironmentVariable("ISR_AWAITED") == "none" ? [] : [Healing, Recovery, Fallback, LockNamesFirst];

    public static bool Lacks(string word) => s_lacking.Contains(word, StringComparer.Ordinal);
}
