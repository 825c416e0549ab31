namespace Isr.Tests.Support;

/// <summary>A new folder that goes with all in it when disposed.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory() => Path = Directory.CreateTempSubdirectory("isr-").FullName;

    public string Path { get; }

    /// <summary>The full path of something in it, which need not exist.</summary>
    public string File(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A test may have taken it away.
        }
    }
}
