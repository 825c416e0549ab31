using Isr.Catalog.Coverage;
using Isr.Catalog.Days;
using Isr.Catalog.Keeping;
using Isr.Catalog.Levels;
using Isr.Catalog.Sections;
using Isr.Catalog.Zones;
using Isr.Instruments;

namespace Isr.Catalog;

internal static class CatalogExtensions
{
    public static IHostApplicationBuilder AddCatalog(this IHostApplicationBuilder builder, CatalogOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(provider => new CatalogDatabase(
            options.OwnsState ? options.DatabasePath : null,
            options.OwnsState ? null : options.DatabasePath,
            provider.GetRequiredService<ILogger<CatalogDatabase>>()));
        builder.Services.AddSingleton(provider => new JournalIndex(options.StateDirectory, provider.GetRequiredService<CatalogDatabase>()));
        builder.Services.AddSingleton(provider => new ActiveFiles(options.Folder, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<RecordingDoor>();
        builder.Services.AddSingleton<CatalogUpdater>();
        builder.Services.AddSingleton<RecordingCatalog>();
        builder.Services.AddSingleton<CoverageReporter>();
        builder.Services.AddSingleton<DaySummaries>();
        builder.Services.AddSingleton<SectionFinder>();
        builder.Services.AddSingleton<GrowingLevels>();
        builder.Services.AddSingleton<SourceLevels>();
        builder.Services.AddSingleton<ZoneOffsets>();
        builder.Services.AddSingleton<AnalysisIndex>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AnalysisIndex>());
        // Before the folder is walked for the first time.
        builder.Services.AddHostedService<MoveNotes>();
        builder.Services.AddHostedService<CatalogService>();
        builder.Services.AddSingleton<CatalogInstruments>();
        builder.Services.AddSingleton<IInstruments>(provider => provider.GetRequiredService<CatalogInstruments>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CatalogInstruments>());
        return builder;
    }
}
