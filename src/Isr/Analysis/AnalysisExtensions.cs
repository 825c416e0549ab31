namespace Isr.Analysis;

internal static class AnalysisExtensions
{
    /// <summary>Keeps the levels that the recorder of this process gathers.</summary>
    public static IHostApplicationBuilder AddAnalysis(this IHostApplicationBuilder builder, AnalysisOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<LevelStore>();
        builder.Services.AddHostedService<LevelWriter>();
        return builder;
    }
}
