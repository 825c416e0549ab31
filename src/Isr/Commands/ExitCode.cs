namespace Isr.Commands;

internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>Wrong use or configuration: nothing was started.</summary>
    public const int Wrong = 2;
}
