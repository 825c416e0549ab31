using Isr.Playback.Samples;

namespace Isr.Playback;

internal static class PlaybackExtensions
{
    public static IHostApplicationBuilder AddPlayback(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SampleLibrary>();
        return builder;
    }
}
