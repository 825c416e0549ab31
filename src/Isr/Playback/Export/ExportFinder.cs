using Isr.Catalog;
using Isr.Catalog.Coverage;

namespace Isr.Playback.Export;

/// <summary>What was found for a span.</summary>
/// <param name="Plan">What stands where; null where nothing was recorded.</param>
/// <param name="Difference">Why the files cannot be one; null when they can.</param>
internal readonly record struct FoundExport(ExportPlan? Plan, string? Difference);

/// <summary>Finds what was recorded of a source within a span.</summary>
internal sealed class ExportFinder(CatalogDatabase database, CatalogUpdater updater, RecordingCatalog catalog, TimeProvider time)
{
    public bool Knows(string source) => database.RecordedSources().Contains(source, StringComparer.Ordinal);

    public async Task<FoundExport> FindAsync(string source, Interval span, CancellationToken cancellationToken)
    {
        var active = updater.FollowActive();
        var now = time.GetUtcNow().UtcTicks;
        var files = new List<RecordedFile>();
        foreach (var file in database.Recorded(source, span))
        {
            files.Add(file with { Samples = SamplesOf(file, active.Contains(file.File), now) });
        }

        if (ExportPlan.TryMake(span, files, database.Stalls(source, span)) is not { } plan)
        {
            return default;
        }

        string? difference = null;
        (int? Rate, int? Channels) first = default;
        foreach (var name in plan.Parts.Select(part => part.Name).Distinct(StringComparer.Ordinal))
        {
            if (await catalog.FindAsync(name, cancellationToken) is { } item)
            {
                first = (first.Rate ?? item.SampleRate, first.Channels ?? item.Channels);
                if ((item.SampleRate ?? first.Rate) != first.Rate || (item.Channels ?? first.Channels) != first.Channels)
                {
                    difference ??= $"The recordings within that span are of {first.Rate} Hz with {first.Channels} channels and of {item.SampleRate} Hz with {item.Channels}, from {name} on: ask for a span before or behind that.";
                }
            }
        }

        return new FoundExport(plan, difference);
    }

    private static long SamplesOf(RecordedFile file, bool isActive, long now) =>
        file.Samples is { } samples && !isActive ? samples
        : isActive ? ExportPlan.SamplesOf(Math.Max(0, now - file.Start), file.SampleRate)
        : (long)((file.FileSeconds ?? 0) * file.SampleRate);
}
