namespace Isr.Tests.Support;

/// <summary>Who may do what with a file or folder.</summary>
internal static class Permissions
{
#pragma warning disable CA1416 // The tests run on Linux alone.
    public static UnixFileMode Of(string path) => File.GetUnixFileMode(path);
#pragma warning restore CA1416
}
