using Isr.Analysis;
using Isr.Catalog.Keeping;

namespace Isr.Catalog.Retention;

/// <summary>
/// Removes level files whose recordings are gone: those that others deleted. Only where the recordings folder shows that it is that, and not
/// before a week, since an unmounted disk must not cost all levels.
/// </summary>
internal sealed class LevelOrphans(KeepingOptions options, AnalysisOptions analysis, RecordingsMarker marker, TimeProvider time)
{
    private static readonly TimeSpan s_age = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private static readonly EnumerationOptions s_options = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
    };

    /// <summary>How many there were.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        if (!Directory.Exists(analysis.LevelDirectory))
        {
            return removed;
        }

        var before = time.GetUtcNow() - s_age;
        foreach (var path in Directory.EnumerateFiles(analysis.LevelDirectory, "*" + LevelStore.Extension, s_options))
        {
            var name = Path.GetRelativePath(analysis.LevelDirectory, path)[..^LevelStore.Extension.Length];
            if (!File.Exists(Path.Combine(options.Folder, name)) && File.GetLastWriteTimeUtc(path) < before.UtcDateTime)
            {
                if (marker.WhyNot() is not null)
                {
                    return removed;
                }

                File.Delete(path);
                removed++;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        return removed;
    }
}
