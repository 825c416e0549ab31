using Isr.Analysis.Worker;
using Isr.Analysis.Worker.Samples;
using Isr.Instruments;

namespace Isr.Analysis;

internal static class AnalysisExtensions
{
    /// <summary>Levels of recordings: kept, and computed where there are none.</summary>
    public static IHostApplicationBuilder AddAnalysis(this IHostApplicationBuilder builder, AnalysisOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<LevelStore>();
        builder.Services.AddSingleton<DecodingWorker>();
        builder.Services.AddSingleton<SampleWorkers>();
        builder.Services.AddSingleton<LevelRequests>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LevelRequests>());
        builder.Services.AddInstruments<AnalysisInstruments>();
        return builder;
    }

    /// <summary>Keeps the levels of what the recorder of this process records.</summary>
    public static IHostApplicationBuilder AddAnalysisOfRecorder(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GrowingRecordings>();
        builder.Services.AddHostedService<LevelWriter>();
        return builder;
    }
}
