using Isr.Playback.Export;
using Isr.Playback.Spectrogram;

namespace Isr.Playback.Samples;

internal static class SampleExtensions
{
    /// <summary>Samples of recordings, for clips, spectrograms and exports.</summary>
    public static IHostApplicationBuilder AddSamples(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AnswerPlaces>();
        builder.Services.AddSingleton<SampleLibrary>();
        builder.Services.AddSingleton<ExportFinder>();
        builder.Services.AddSingleton<SpectrogramReader>();
        return builder;
    }
}
