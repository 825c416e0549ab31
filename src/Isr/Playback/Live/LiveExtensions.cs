using Isr.Instruments;
using Isr.Recording.Live;

namespace Isr.Playback.Live;

internal static class LiveExtensions
{
    public static IHostApplicationBuilder AddLive(this IHostApplicationBuilder builder, LiveOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<LiveTaps>();
        builder.Services.AddSingleton<LiveSources>();
        builder.Services.AddInstruments<LiveInstruments>();
        return builder;
    }
}
