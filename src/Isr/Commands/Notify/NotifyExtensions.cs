using Isr.Recording;

namespace Isr.Commands.Notify;

internal static class NotifyExtensions
{
    /// <summary>The last of all services: it says that all have started, and is the first to be told of the end.</summary>
    public static IHostApplicationBuilder AddNotify(this IHostApplicationBuilder builder, NotifyOptions options)
    {
        builder.Services.AddHostedService(provider => new ServiceNotifier(
            options,
            provider.GetService<RecorderHeart>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ServiceNotifier>>()));
        return builder;
    }
}
