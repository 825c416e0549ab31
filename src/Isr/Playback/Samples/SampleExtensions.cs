using Isr.Playback.Export;

namespace Isr.Playback.Samples;

internal static class SampleExtensions
{
    /// <summary>Samples of recordings, for clips and exports.</summary>
    public static IHostApplicationBuilder AddSamples(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AnswerPlaces>();
        builder.Services.AddSingleton<SampleLibrary>();
        builder.Services.AddSingleton<ExportFinder>();
        return builder;
    }
}
