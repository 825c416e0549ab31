namespace Isr.Audio.Tests.Support;

/// <summary>A directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("isr-audio-").FullName;

    public string Write(string name, ReadOnlySpan<byte> data)
    {
        var path = System.IO.Path.Combine(Path, name);
        using var file = File.Create(path);
        file.Write(data);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
