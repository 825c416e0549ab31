using Isr.Sources.Http;

namespace Isr.Sources;

internal static class SourcesExtensions
{
    public static IHostApplicationBuilder AddSources(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StreamClient>();
        builder.Services.AddSingleton<ConnectionWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ConnectionWatch>());
        builder.Services.AddSingleton<SourceFactory>();
        return builder;
    }
}
