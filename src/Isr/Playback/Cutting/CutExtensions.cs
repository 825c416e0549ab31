namespace Isr.Playback.Cutting;

internal static class CutExtensions
{
    public static IHostApplicationBuilder AddCuts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FrameIndexes>();
        builder.Services.AddSingleton<RecordingCutter>();
        builder.Services.AddSingleton<SourceCutter>();
        return builder;
    }
}
