using Isr.Configuration;
using Isr.Naming;
using Isr.Recording.Time;

namespace Isr.Recording;

/// <summary>The recordings folder: what files in it are called, on every platform and in every list.</summary>
internal sealed class RecordingFolder(GeneralSettings settings, WallClock clock)
{
    public string Path => settings.OutputDirectory;

    /// <summary>A file's name: its path relative to the folder with "/" between parts; the whole path for a file outside.</summary>
    public string NameOf(string path)
    {
        var relative = System.IO.Path.GetRelativePath(Path, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>The zone's name at a local time, for %Z.</summary>
    public string ZoneName(DateTimeOffset local) => FileNamePattern.ZoneNameAt(clock.Zone, local);
}
