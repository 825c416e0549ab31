using Isr.Catalog.Coverage;

namespace Isr.Catalog.Sections;

/// <summary>A file of a source, as journal and folder have it.</summary>
/// <param name="Recorded">By the journal.</param>
/// <param name="ZoneMinutes">What local time was, against UTC, when it began.</param>
/// <param name="Size">Bytes; null when it is not in the folder.</param>
/// <param name="Mtime">UTC.</param>
internal sealed record SourceFile(RecordedFile Recorded, int ZoneMinutes, long? Size, DateTime Mtime)
{
    public string Name => Recorded.File;

    public DateTimeOffset Start => new DateTimeOffset(Recorded.Start, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(ZoneMinutes));
}
