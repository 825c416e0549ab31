namespace Isr.Analysis;

internal static class AnalysisExtensions
{
    /// <summary>Levels of recordings, kept and computed.</summary>
    /// <param name="builder">Of the program.</param>
    /// <param name="options">Where recordings and levels are.</param>
    /// <param name="isRecording">A recorder in this process gathers levels, too.</param>
    public static IHostApplicationBuilder AddAnalysis(this IHostApplicationBuilder builder, AnalysisOptions options, bool isRecording)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<LevelStore>();
        builder.Services.AddSingleton<RecordingMeasurer>();
        builder.Services.AddSingleton<MeasureRecording>(provider => provider.GetRequiredService<RecordingMeasurer>().MeasureAsync);
        if (isRecording)
        {
            builder.Services.AddHostedService<LevelWriter>();
        }

        return builder;
    }
}
